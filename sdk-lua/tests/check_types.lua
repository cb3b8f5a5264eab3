-- Runs a type checker on scripts: it must find just what is wrong in wrong.lua, and nothing in
-- right.lua and the examples.
--
--     cd sdk-lua && lua5.4 tests/check_types.lua CHECKER
--
-- CHECKER is an emmylua_check.

local checker = assert(arg[1], "usage: lua5.4 check_types.lua CHECKER")

local function lines_of(path)
  local file = assert(io.open(path))
  local wrong, number = {}, 0
  for line in file:lines() do
    number = number + 1
    if string.find(line, "%-%- WRONG$") then wrong[number] = "not found" end
  end
  file:close()
  return wrong
end

-- Folders that are not there are no workspaces.
local folders = {}
for _, folder in ipairs { "tests/types", "examples", "../daemonproxy/examples", "types" } do
  if os.execute("test -d " .. folder) then folders[#folders + 1] = folder end
end

local command = "'%s' --severity warn -c .luarc.json %s 2>&1"
local pipe = assert(io.popen(string.format(command, checker, table.concat(folders, " "))))
local output = pipe:read "a"
pipe:close()

local wrong = lines_of "tests/types/wrong.lua"
local problems = {}
local message = ""
for line in string.gmatch(output, "[^\n]+") do
  if string.find(line, "^warning: ") or string.find(line, "^error: ") then message = line end
  local file, number = string.match(line, "^ *%-%-> (.-):(%d+):")
  if file then
    number = tonumber(number)
    if string.find(file, "wrong%.lua$") and wrong[number] then wrong[number] = "found"
    else problems[#problems + 1] = string.format("%s:%d: %s", file, number, message)
    end
  end
end
for number, state in pairs(wrong) do
  local text = string.format("tests/types/wrong.lua:%d: the mistake is not found", number)
  if state == "not found" then problems[#problems + 1] = text end
end

if next(problems) then
  table.sort(problems)
  io.stdout:write(table.concat(problems, "\n"), "\n")
  os.exit(false)
end
