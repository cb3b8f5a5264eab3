-- A plain Lua on its own: standard input is what the daemon sends, standard output what the script
-- sends.

local expect = require "expect"

local here = string.match(arg[0], "^(.*/)") or "./"

local function shell(text) return "'" .. string.gsub(text, "'", "'\\''") .. "'" end

-- Runs a script with this input; returns what it wrote to standard output and to standard error,
-- and its status.
local function run(script, input)
  local preamble = string.format("package.path = %q\n", here .. "../../lua/?.lua")
  preamble = preamble .. "local dp = require 'daemonproxy.controller'\n"
  local errors = os.tmpname()
  local command = "printf %s " .. shell(input) .. " | lua5.4 -e " .. shell(preamble .. script) .. " 2>" .. errors
  local pipe = assert(io.popen(command))
  local output = pipe:read "a"
  local _, _, status = pipe:close()
  local file = assert(io.open(errors))
  local text = file:read "a"
  file:close()
  os.remove(errors)
  return output, text, status
end

local tests = {}

function tests.commands_go_to_standard_output_and_print_does_not()
  local output, errors, status = run([[
    print("hello", nil, 5)
    dp.service("web"):args { "x" }
    dp.run()
  ]], "")
  expect.same({ output, errors, status }, {
    "@lua-1\techo\nservice.args\tweb\tx\necho\tlua-echo-2\n", "hello\tnil\t5\n", 0,
  })
end

-- Where others write too, such as the daemon's log, each message is one write.
function tests.a_message_is_written_in_one_piece()
  local _, errors = run([[
    local count, writer = 0, getmetatable(io.stderr).__index
    local write = writer.write
    function writer.write(file, ...)
      if file == io.stderr then count = count + select("#", ...) end
      return write(file, ...)
    end
    dp.spawn(error, "oh dear")
    print("one", "two")
    io.stdout:write("")
    writer.write = write
    print(count)
    dp.run()
  ]], "")
  expect.same(string.match(errors, "\n(%d+)\n"), "2")
end

function tests.what_is_not_a_whole_line_is_none()
  local output, errors = run([[
    dp.on("*", function(event) print(event.event, event.name) end)
    dp.run()
  ]], "service.tags\tweb\ta\nservice.tags\tdb\tb")
  expect.same({ output, errors }, { "", "service.tags\tweb\nclosed\tnil\n" })
end

function tests.a_line_that_is_too_long_is_told_and_left_out()
  local _, errors = run([[
    dp.on("malformed", function(event) print(event.reason, #event.line < 100) end)
    dp.on("service.tags", function(event) print(event.name) end)
    dp.run()
  ]], "service.tags\tweb\t" .. string.rep("x", 70000) .. "\nservice.tags\tdb\tb\n")
  expect.same(errors, "a line is too long\ttrue\ndb\n")
end

function tests.an_error_in_the_main_chunk_is_the_interpreters_business()
  local _, errors, status = run("dp.service('web'):explode()", "")
  expect.has(errors, "a service has no explode")
  expect.same(status, 1)
end

-- What the README says for a library that is not installed, and what `make install` does.
function tests.the_path_of_the_readme_finds_all_of_the_library()
  local file <close> = assert(io.open(here .. "../../README.md"))
  local path = string.match(file:read "a", 'export LUA_PATH="([^"]+)"')
  path = string.gsub(path, "/path/to/sdk%-lua", here .. "../..")
  local code = 'require "daemonproxy"; require "daemonproxy.testing"; require "daemonproxy.json"'
  local pipe = assert(io.popen(string.format("LUA_PATH='%s' lua5.4 -e '%s' 2>&1 </dev/null", path, code)))
  local output = pipe:read "a"
  pipe:close()
  expect.has(output, "statedump\n")
  expect.same(string.find(output, "not found"), nil)
end

return tests
