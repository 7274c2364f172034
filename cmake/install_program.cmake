# Run by `cmake --install`, with the values of cmake/Package.cmake: the units, the cron line and the manual pages.
# What is made is removed first: it may be of another user, who installed before.
file(READ "${package_files}/sandbox.conf" sandbox)
foreach(unit checkwatches.service checkwatches-check.service)
    file(REMOVE "${package_generated}/${unit}")
    configure_file("${package_files}/${unit}.in" "${package_generated}/${unit}" @ONLY)
    file(INSTALL "${package_generated}/${unit}" DESTINATION "${unitdir}")
endforeach()

file(REMOVE "${package_generated}/checkwatches.cron")
configure_file("${package_files}/checkwatches.cron.in" "${package_generated}/checkwatches.cron" @ONLY)
file(INSTALL "${package_generated}/checkwatches.cron" DESTINATION "${docdir}/examples")

foreach(page checkwatches.1 checkwatches.toml.5)
    file(REMOVE "${package_generated}/${page}.gz")
    execute_process(COMMAND gzip -9nc "${package_files}/${page}"
        OUTPUT_FILE "${package_generated}/${page}.gz" COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCH "[0-9]$" chapter ${page})
    file(INSTALL "${package_generated}/${page}.gz" DESTINATION "${mandir}/man${chapter}")
endforeach()
