-- How errors in handlers are reported: in full the first time, and then briefly, so that a handler
-- that fails at each event does not fill the log.
--
-- Errors are the same if the same thing failed at the same line of the script. The first is
-- reported with its traceback. Later ones are reported without it, at most one a minute, with the
-- number of those that were left out in between.

local SECONDS <const> = 60
-- How many errors are remembered. If a script has more, they are reported in full again.
local MOST <const> = 100

local failures = {}

--- `now` returns the seconds of a clock, `complain` writes a text.
function failures.new(now, complain)
  local self = {}
  local known, count = {}, 0

  local function with_count(text, left_out)
    return left_out == 0 and text or string.format("%s (and %d more since the last one told)", text, left_out)
  end

  --- Reports an error in `what`, a message with its traceback.
  function self.tell(what, message)
    message = "error in " .. what .. ": " .. message
    local short = string.match(message, "^(.-)\nstack traceback:\n") or message
    local key = string.match(short, "^[^\n]-:%d+: ") or short
    local time, same = now(), known[key]
    if not same then
      if count == MOST then known, count = {}, 0 end
      count = count + 1
      known[key] = { told = time, left_out = 0, short = short }
      return complain(message)
    end
    if time - same.told < SECONDS then
      same.left_out, same.short = same.left_out + 1, short
      return nil
    end
    complain(with_count(short, same.left_out))
    same.told, same.left_out = time, 0
  end

  --- Reports those that were left out so far, since nothing else will.
  function self.tell_rest()
    local rest = {}
    for _, same in pairs(known) do
      if same.left_out > 0 then rest[#rest + 1] = with_count(same.short, same.left_out - 1) end
      same.left_out = 0
    end
    table.sort(rest)
    for _, text in ipairs(rest) do complain(text) end
  end

  return self
end

return failures
