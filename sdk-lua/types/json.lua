---@meta daemonproxy.json
--
-- What `require "daemonproxy.json"` gives.

---@class daemonproxy.Json
---@field null any what stands for null, since a key with nil would not be there
local Json = {}

--- A value as JSON, in one line. A table with the keys 1, 2, 3 and so on is an array, and so is an
--- empty one. Services, file descriptors and signals are written as what is known about them.
---@param value any
---@return string
function Json.encode(value) end

--- Marks a table as an object even if it is empty, and returns it.
---@param table table
---@return table
function Json.object(table) end

return Json
