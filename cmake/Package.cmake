# What is installed beside the program, and the Debian package that CPack makes of it (`./dev package`).
#
#   component program   what both have
#   component local     what only `cmake --install` has
#   component debian    what only the package has
include(GNUInstallDirs)
set(package_release 1) # of this version, as a package
set(package_files ${PROJECT_SOURCE_DIR}/engine/app/package)

install(FILES ${package_files}/checkwatches.bash COMPONENT program
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME checkwatches)
install(FILES ${package_files}/config.toml COMPONENT program DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/adapters/described/kinds COMPONENT program
    DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(DIRECTORY ${package_files}/grafana ${package_files}/prometheus COMPONENT program
    DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES ${package_files}/schemas/change.v1.json ${package_files}/schemas/check.v1.json COMPONENT program
    DESTINATION ${CMAKE_INSTALL_DATADIR}/checkwatches/schemas)
install(FILES ${package_files}/checkwatches-check.timer COMPONENT program DESTINATION lib/systemd/system)
install(FILES ${package_files}/checkwatches.zsh COMPONENT local
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _checkwatches)
install(FILES ${package_files}/checkwatches.zsh COMPONENT debian EXCLUDE_FROM_ALL
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _checkwatches)
install(FILES ${package_files}/config.toml COMPONENT debian EXCLUDE_FROM_ALL DESTINATION /etc/checkwatches)
install(FILES ${package_files}/debian/copyright COMPONENT debian EXCLUDE_FROM_ALL
    DESTINATION ${CMAKE_INSTALL_DOCDIR})

# What is made when it is installed, since only then the prefix is known. Values that the script reads:
set(package_generated ${PROJECT_BINARY_DIR}/package)
file(MAKE_DIRECTORY ${package_generated})
foreach(component program debian)
    set(exclude)
    if(component STREQUAL debian)
        set(exclude EXCLUDE_FROM_ALL)
    endif()
    install(CODE "
        set(package_files \"${package_files}\")
        set(package_generated \"${package_generated}\")
        set(version \"${PROJECT_VERSION}-${package_release}\")
        set(bindir \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
        set(mandir \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}\")
        set(docdir \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}\")
        set(unitdir \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")
        include(\"${PROJECT_SOURCE_DIR}/cmake/install_${component}.cmake\")"
        COMPONENT ${component} ${exclude})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME checkwatches)
set(CPACK_PACKAGE_CONTACT "checkwatches maintainers <checkwatches@example.org>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "watches bugs in other people's trackers")
set(CPACK_INSTALL_CMAKE_PROJECTS
    "${PROJECT_BINARY_DIR};checkwatches;program;/;${PROJECT_BINARY_DIR};checkwatches;debian;/")
set(CPACK_SET_DESTDIR ON) # /etc is outside of the prefix
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${package_release})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, procps") # procps: /bin/kill
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Keeps a truthful local record of the status and importance of bugs that live
in other people's trackers (Bugzilla, Trac, Launchpad, GitHub, GitLab, Debbugs,
Jira and more), asks for them politely and in batches, and tells people and
programs what changed.

It runs as a service, or from a timer or cron.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${package_files}/debian/conffiles
    ${package_files}/debian/postinst
    ${package_files}/debian/prerm
    ${package_files}/debian/postrm)
include(CPack)
