# Run by CPack, with the values of cmake/Package.cmake: the package's changelog.
file(REMOVE "${package_generated}/changelog.Debian.gz")
configure_file("${package_files}/debian/changelog.in" "${package_generated}/changelog.Debian" @ONLY)
execute_process(COMMAND gzip -9nc "${package_generated}/changelog.Debian"
    OUTPUT_FILE "${package_generated}/changelog.Debian.gz" COMMAND_ERROR_IS_FATAL ANY)
file(INSTALL "${package_generated}/changelog.Debian.gz" DESTINATION "${docdir}")
