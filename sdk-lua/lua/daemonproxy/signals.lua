-- Names of signals. HUP, SIGHUP and 1 are the same; events always say SIGHUP.
--
-- Numbers are those of Linux on most machines, as in the daemon's own parser.

local grammar = require "daemonproxy.grammar"

local NUMBERS = {
  "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
  "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
  "PWR", "SYS", "32", "33",    -- the C library keeps these two for itself
}
-- Names that are understood and never written.
local ALIASES = { CLD = "CHLD", IOT = "ABRT", POLL = "IO" }
-- Real-time signals as programs see them.
local RTMIN, RTMAX = 34, 64

local NAMES = {}
for _, name in ipairs(grammar.words.signame) do NAMES[name] = "SIG" .. (ALIASES[name] or name) end

local function by_number(number)
  if number < 1 or number > RTMAX then return nil end
  if number < RTMIN then return "SIG" .. NUMBERS[number] end
  return number == RTMIN and "SIGRTMIN" or "SIGRTMIN+" .. number - RTMIN
end

local function real_time(number)
  return number >= RTMIN and by_number(number) or nil
end

local signals = {}

--- The name as events write it, or nil if there is no such signal.
function signals.name(signal)
  local known = NAMES[signal]
  if known then return known end
  local short = string.match(signal, "^SIG(.*)$") or signal
  if NAMES[short] then return NAMES[short] end
  local digits = string.match(short, "^%d%d?$")
  if digits then return by_number(tonumber(digits)) end
  if short == "RTMIN" then return by_number(RTMIN) end
  if short == "RTMAX" then return by_number(RTMAX) end
  local up = string.match(short, "^RTMIN%+(%d%d?)$")
  if up then return by_number(RTMIN + tonumber(up)) end
  local down = string.match(short, "^RTMAX%-(%d%d?)$")
  if down then return real_time(RTMAX - tonumber(down)) end
  return nil
end

return signals
