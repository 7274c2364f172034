# A room is one folder of the house and one library. It sees the headers of the rooms it links to and no others:
# each room is put on the include path alone, through a link in a folder of its own, so that an include against
# the arrows of DESIGN.md does not build.
#
#   checkwatches_room(<name> PATH <folder> SOURCES <file>... [USES <room>...] [PUBLIC <library>...] [PRIVATE <library>...])
function(checkwatches_room name)
    cmake_parse_arguments(ROOM "" "PATH" "SOURCES;USES;PUBLIC;PRIVATE" ${ARGN})

    set(view ${PROJECT_BINARY_DIR}/rooms/${name})
    get_filename_component(parent ${view}/${ROOM_PATH} DIRECTORY)
    file(MAKE_DIRECTORY ${parent})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${ROOM_PATH} ${view}/${ROOM_PATH} SYMBOLIC)

    list(TRANSFORM ROOM_USES PREPEND checkwatches_)
    add_library(checkwatches_${name} STATIC ${ROOM_SOURCES})
    target_include_directories(checkwatches_${name} PUBLIC ${view})
    target_link_libraries(checkwatches_${name}
        PUBLIC checkwatches_options ${ROOM_USES} ${ROOM_PUBLIC}
        PRIVATE ${ROOM_PRIVATE})
    checkwatches_precompile(checkwatches_${name})

    # For tests/rooms, which shows that the walls hold: "<name>=<folder>=<room>,<room>".
    string(REPLACE ";" "," uses "${ROOM_USES}")
    string(REPLACE "checkwatches_" "" uses "${uses}")
    set_property(GLOBAL APPEND PROPERTY CHECKWATCHES_ROOMS "${name}=${ROOM_PATH}=${uses}")
endfunction()
