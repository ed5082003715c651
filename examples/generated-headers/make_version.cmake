file(STRINGS "${INPUT}" version LIMIT_COUNT 1)
file(WRITE "${OUTPUT}" "#pragma once\n#define VERSION \"${version}\"\n")
