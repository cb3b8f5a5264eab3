-- What the grammar calls the errors with which the daemon refuses commands.

local grammar = require "daemonproxy.grammar"

local errors = {
  --- Why a command failed whose end is not known.
  LOST = "the answer was lost, because events were read too slowly",
}

-- Texts without placeholders, and what stands in front of the first one of the others: the longest
-- first.
local whole, beginnings = {}, {}
for name, text in pairs(grammar.errors) do
  local before = string.match(text, "^(.-){")
  if before then beginnings[#beginnings + 1] = { text = before, name = name } else whole[text] = name end
end
table.sort(beginnings, function(a, b) return #a.text > #b.text end)

--- The text of an error event without the command that it repeats.
function errors.without_command(text)
  local at = string.find(text, ', for command "', 1, true)
  return at and string.sub(text, 1, at - 1) or text
end

--- The name of the error with this text, as an event has it; nil if it is not in the grammar.
function errors.name_of(text)
  text = errors.without_command(text)
  if whole[text] then return whole[text] end
  for _, beginning in ipairs(beginnings) do
    if string.sub(text, 1, #beginning.text) == beginning.text then return beginning.name end
  end
  return nil
end

return errors
