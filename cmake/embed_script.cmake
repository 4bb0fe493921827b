# Run by dossier_embed at build time: writes OUTPUT from FILES (separated by "|") under ROOT.
string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(table "")
set(index 0)
foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  file(SIZE ${ROOT}/${file} size)
  string(APPEND arrays "const unsigned char file_${index}[] = {${bytes}0};\n")
  string(APPEND table
    "    {\"${file}\", {reinterpret_cast<const char*>(file_${index}), ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT}
"#include \"base/embedded_file.h\"

namespace dossier::embedded {
namespace {
${arrays}
const base::embedded_file files[] = {
${table}};
}  // namespace

std::span<const base::embedded_file> ${NAME}();
std::span<const base::embedded_file> ${NAME}() { return files; }
}  // namespace dossier::embedded
")
