-- What a line at the prompt does: an expression is printed, a statement carried out. And what TAB
-- offers. Runs in the interpreter of the script. Gets what it needs as arguments and leaves no
-- globals behind.
local traceback = ...
local stderr, load, pcall, xpcall, tostring, type = io.stderr, load, pcall, xpcall, tostring, type
local pairs, rawget, getmetatable, math_type = pairs, rawget, getmetatable, math.type
local loaded = package.loaded
local pack, sort, concat, format = table.pack, table.sort, table.concat, string.format

local KEYWORDS = {
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local",
  "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
}
-- How many fields of a table are shown, and how deep.
local MOST, DEEPEST = 40, 3

local function is_name(key)
  return type(key) == "string" and key:find("^[%a_][%w_]*$") ~= nil
end

local function by_text(a, b)
  if math_type(a) and math_type(b) then return a < b end
  return tostring(a) < tostring(b)
end

local function shown(value, depth)
  if type(value) == "string" then return (format("%q", value):gsub("\\\n", "\\n")) end
  local meta = getmetatable(value)
  if type(value) ~= "table" or (meta and meta.__tostring) then return tostring(value) end
  if depth >= DEEPEST then return "{...}" end
  local keys, parts, next_index = {}, {}, 1
  for key in pairs(value) do keys[#keys + 1] = key end
  sort(keys, by_text)
  for count, key in ipairs(keys) do
    if count > MOST then
      parts[#parts + 1] = "..."
      break
    end
    local text = shown(rawget(value, key), depth + 1)
    if key == next_index then
      next_index = next_index + 1
      parts[#parts + 1] = text
    elseif is_name(key) then
      parts[#parts + 1] = key .. " = " .. text
    else
      parts[#parts + 1] = "[" .. shown(key, depth + 1) .. "] = " .. text
    end
  end
  return "{" .. concat(parts, ", ") .. "}"
end

local function evaluate(line)
  local chunk, why = load("return " .. line, "=prompt", "t")
  if not chunk then chunk, why = load(line, "=prompt", "t") end
  if not chunk then
    stderr:write(why, "\n")
    return
  end
  loaded["daemonproxy"].spawn(function()
    local results = pack(xpcall(chunk, traceback))
    if not results[1] then
      stderr:write(loaded["daemonproxy.where"].only_the_script(results[2]), "\n")
      return
    end
    local texts = {}
    for at = 2, results.n do texts[#texts + 1] = shown(results[at], 0) end
    if #texts > 0 then stderr:write(concat(texts, "\t"), "\n") end
  end)
end

local function add_keys(found, table, start, functions_only)
  for key, value in pairs(table) do
    if is_name(key) and key:sub(1, #start) == start
      and (not functions_only or type(value) == "function") then
      found[key] = true
    end
  end
end

-- The names that begin like the last one of the line.
local function complete(line)
  local path, start = line:match("([%a_][%w_%.:]*[%.:])([%w_]*)$")
  local found, names = {}, {}
  if not path then
    start = line:match("[%a_][%w_]*$") or ""
    add_keys(found, _G, start)
    for _, word in ipairs(KEYWORDS) do
      if start ~= "" and word:sub(1, #start) == start then found[word] = true end
    end
  else
    local value = _G
    for name in path:gmatch("[%w_]+") do
      local ok, inner = pcall(function() return value[name] end)
      if not ok then return names end
      value = inner
    end
    local methods = path:sub(-1) == ":"
    for _ = 1, 5 do
      if type(value) == "table" then add_keys(found, value, start, methods) end
      local meta = type(value) == "string" and getmetatable("") or getmetatable(value)
      value = type(meta) == "table" and rawget(meta, "__index") or nil
      if value == nil then break end
    end
  end
  for name in pairs(found) do names[#names + 1] = name end
  sort(names)
  return names
end

-- Whether the client knows the daemon by now.
local function is_ready()
  return loaded["daemonproxy"] ~= nil
end

return { evaluate = evaluate, complete = complete, is_ready = is_ready }
