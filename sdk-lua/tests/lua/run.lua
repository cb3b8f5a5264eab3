-- Runs tests: lua5.4 run.lua FILE... Each file returns a table of functions by name, and a function
-- that raises no error has passed.

local here = string.match(arg[0], "^(.*/)") or "./"
package.path = here .. "?.lua;" .. here .. "../../lua/?.lua;" .. here .. "../../lua/?/init.lua;" .. package.path

local count, failures = 0, 0

for _, file in ipairs(arg) do
  local tests = dofile(file)
  local names = {}
  for name in pairs(tests) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    count = count + 1
    local ok, trace = xpcall(tests[name], debug.traceback)
    if not ok then
      failures = failures + 1
      io.stdout:write(string.format("FAILED %s: %s\n%s\n", string.match(file, "[^/]*$"), name, trace))
    end
  end
end

io.stdout:write(string.format("%d tests, %d failed\n", count, failures))
os.exit(failures == 0 and count > 0)
