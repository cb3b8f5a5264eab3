-- A transcript of a session, played by testing.lua: which command must come next, and what the
-- daemon answers. The language is that of conformance-tests/README.md, but only what is about the
-- main connection.

local check = require "daemonproxy.check"
local signals = require "daemonproxy.signals"

-- Values for placeholders that are not bound yet.
local FIRST_PID <const> = 2000

-- Stands for the end of the events.
local transcript = { CLOSED = {} }
transcript.__index = transcript

local function unescaped(field)
  return (string.gsub(field, "\\x(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- The tag of a command, if it has one, which is then taken away.
local function take_tag(fields)
  local tag = fields[2] and string.match(fields[1], "^@([%w._-]+)$")
  if tag then table.remove(fields, 1) end
  return tag
end

-- A placeholder: its kind, and the name that it binds.
local function placeholder(field)
  local kind, label = string.match(field, "^{(%a+):?([^}]*)}$")
  return kind, kind and label ~= "" and kind .. ":" .. label or nil
end

--- `now` is the second at which it begins.
function transcript.new(text, now)
  local self = setmetatable({
    steps = {}, at = 1, bound = {}, now = now, pids = FIRST_PID,
    has_tags = false,    -- whether it is with a daemon that knows them
    sent = {},           -- the commands that have a tag here, by that, as the script has sent them
  }, transcript)
  local number = 0
  for line in string.gmatch(text, "([^\n]*)\n?") do
    number = number + 1
    local fields = check.split(line)
    local who = table.remove(fields, 1)
    if who == ">" then
      local tag = take_tag(fields)
      self.has_tags = self.has_tags or tag ~= nil
      self.steps[#self.steps + 1] = { command = fields, tag = tag, number = number }
    elseif who == "<" or who == "<|" or who == "<*" then
      self.has_tags = self.has_tags or fields[1] == "done"
      self.steps[#self.steps + 1] = { event = fields }
    elseif who == "@" and fields[1] == "protocol" then
      self.has_tags = fields[2] == "2"
    elseif who == "!" and (fields[1] == "leaves" or fields[1] == "closed" and not fields[2]) then
      self.steps[#self.steps + 1] = { is_end = true }
    end
  end
  return self
end

-- A value for a placeholder.
function transcript:value(kind, label)
  local known = label and self.bound[label]
  if known then return known end
  local after = label and string.match(label, "^ts:now([-+]?%d*)$")
  local value
  if after then value = self.now + (tonumber(after) or 0)
  elseif kind == "ts" then value = self.now
  elseif kind == "pid" then
    self.pids = self.pids + 1
    value = self.pids
  elseif kind == "moment" then value = self.now .. ".25"
  elseif kind == "secs" or kind == "num" then value = 0
  else value = kind
  end
  value = tostring(value)
  if label then self.bound[label] = value end
  return value
end

-- A fact of a run: its key with the `=`, and its placeholder.
local function fact(pattern)
  return string.match(pattern, "^([a-z_]+=)({%a+:?[^}]*})$")
end

function transcript:field(pattern)
  local key, of = fact(pattern)
  if key then return key .. self:field(of) end
  local kind, label = placeholder(pattern)
  return kind and self:value(kind, label) or unescaped(pattern)
end

-- Whether a field of a command is what is expected. HUP, SIGHUP and 1 are the same.
function transcript:fits(pattern, field)
  local kind, label = placeholder(pattern)
  if kind then
    local known = label and (self.bound[label] or string.find(label, "^ts:now") and self:value(kind, label))
    if label and not known then self.bound[label] = field end
    return not known or known == field
  end
  pattern = unescaped(pattern)
  return pattern == field or signals.name(pattern) ~= nil and signals.name(pattern) == signals.name(field)
end

-- An event as the script is told it: with its own tag. A script that has not found out yet whether
-- there are tags has used none, and is told of a refusal by an error event, and of no other end.
function transcript:told(fields)
  local sent = fields[1] == "done" and self.sent[fields[2]]
  if not sent then return table.concat(fields, "\t") end
  self.sent[fields[2]] = nil
  if sent.tag then
    fields[2] = sent.tag
    return table.concat(fields, "\t")
  end
  if not fields[4] then return nil end
  return string.format('error\t%s, for command "%s"', fields[4], string.gsub(sent.command, "\t", " "))
end

-- What is said up to the next command.
function transcript:said()
  local lines = {}
  while self.steps[self.at] and not self.steps[self.at].command do
    local step = self.steps[self.at]
    self.at = self.at + 1
    if step.is_end then
      lines[#lines + 1] = transcript.CLOSED
    else
      local fields = {}
      for at, field in ipairs(step.event) do fields[at] = self:field(field) end
      lines[#lines + 1] = self:told(fields)
    end
  end
  return lines
end

--- What is said before the first command.
function transcript:begin() return self:said() end

--- What is answered to this command, which the script has sent with this tag if with any, and
--- whether its end is among that or comes later; nil if it is not the next command.
function transcript:command(text, tag)
  local step = self.steps[self.at]
  if not step then return nil end
  -- The first of these only asks whether there are tags.
  local is_question = text == "echo" and tag ~= nil and not self.has_asked
  self.has_asked = self.has_asked or tag ~= nil
  if is_question and not step.tag then return nil end
  local fields = check.split(text)
  if #fields ~= #step.command or fields[1] ~= step.command[1] then return nil end
  for at, pattern in ipairs(step.command) do
    if not self:fits(pattern, fields[at]) then return nil end
  end
  self.at = self.at + 1
  if step.tag then self.sent[step.tag] = { tag = tag, command = text } end
  return self:said(), step.tag ~= nil
end

--- A command that is not in the transcript.
function transcript:mistake(text)
  self.wrong = self.wrong or { text = text, step = self.steps[self.at] }
end

local function expected(step)
  if not step then return "nothing more was expected" end
  return string.format("line %d expects %s", step.number, table.concat(step.command, " "))
end

--- What has gone wrong, if anything has.
function transcript:problem()
  if self.wrong then
    local sent = string.gsub(self.wrong.text, "\t", " ")
    return string.format("the script has sent %s, but %s", sent, expected(self.wrong.step))
  end
  local step = self.steps[self.at]
  return step and "the script has sent nothing more, but " .. expected(step)
end

return transcript
