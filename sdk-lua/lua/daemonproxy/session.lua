-- A connection: what is sent and how it ended, and what happens with each event.
--
-- Every command has a tag, with which the daemon says how it has ended, so it is always known which
-- line of the script was refused. A daemon of protocol 1 does not know tags. That is found out by a
-- tagged echo in front of the first command, which it answers with an error: until the answer is
-- there, and from then on if it is an error, an echo of a fresh word is sent after every command
-- instead, and an error that comes before that word comes back is the answer to this command.
-- No more commands are in flight than fit into a pipe: whoever sends more waits, and events are
-- read meanwhile, or both sides could wait for each other.

local commands = require "daemonproxy.commands"
local errors = require "daemonproxy.errors"
local features = require "daemonproxy.features"
local handlers = require "daemonproxy.handlers"
local loop = require "daemonproxy.loop"
local moment = require "daemonproxy.moment"
local runs = require "daemonproxy.runs"
local view = require "daemonproxy.view"
local where = require "daemonproxy.where"

-- How many bytes of commands may be in flight.
local WINDOW <const> = 16384
-- How much of a command is shown in a message.
local SHOWN <const> = 60
-- Commands that have succeeded when the connection ends.
local ENDING <const> = { exit = true, terminate = true, ["terminate.shutdown"] = true }
-- What a signal that nobody listens to does, by the host's options.
local DEFAULTS <const> = { shutdown = { "terminate.shutdown" }, terminate = { "terminate", "0" } }

local session = {}

--- A connection over an I/O interface, which plain.lua describes.
function session.new(io)
  local self = { io = io, view = view.new(), moment = moment.new(io), runs = runs.new(), auto_resync = true }
  local known = self.view
  local pending, first, last = {}, 1, 0    -- commands whose end is not known, and ended ones between them
  local words, word_count = {}, 0          -- these commands, by their tags and by the words of their echoes
  local has_tags                           -- whether the daemon knows tags; nil as long as that is not known
  local question                           -- the echo that asks
  local under_way = 0                      -- bytes of these
  local is_owed = false                    -- there was no room for an echo
  local room = {}                          -- who waits for some to come back
  local resync                             -- who waits for a dump; nil while there is none under way
  local is_marked = false                  -- between the echo in front of it and its end
  local has_begun = false                  -- the script has, and has said what it listens to
  local take_event
  local ready, traps = {}, {}

  local function malformed(line, reason)
    if not self.handlers.publish("malformed", { event = "malformed", line = line, reason = reason }) then
      self.loop.complain(string.format("%s: %q", reason, line))
    end
  end

  local closed
  self.loop = loop.new(io, function(kind, a, b)
    if kind == "event" then take_event(a)
    elseif kind == "garbage" then malformed(a, b)
    elseif kind == "long" then malformed(a, "a line is too long")
    elseif kind == "ready" then
      local waiters = ready[a]
      if waiters then
        ready[a] = nil
        -- It is not known for which of the two: both try.
        if waiters.r then self.loop.wake(waiters.r, true) end
        if waiters.w then self.loop.wake(waiters.w, true) end
      end
    elseif kind == "signal" then
      for _, trap in ipairs(traps[a] or {}) do self.loop.run("a trap of " .. a, trap.fn, a) end
    elseif kind == "closed" then closed(a)
    end
  end)
  self.handlers = handlers.new(self.loop.run)
  local listens = self.handlers.listens
  self.ready, self.traps = ready, traps
  local publish, wake = self.handlers.publish, self.loop.wake

  -- --- who has sent what

  -- What one coroutine has sent: its last command, the first that was refused since it last asked,
  -- and whether it asks.
  local function sender()
    local task = self.loop.current()
    local by = task.commands
    if not by then
      by = {}
      task.commands = by
    end
    return by
  end

  local function report(entry)
    if entry.is_reported then return end
    entry.is_reported = true
    local event = {
      event = "refused", text = entry.refused, error = entry.error, command = entry.name, where = entry.where,
    }
    if publish("refused", event) then return end
    local text = entry.refused
    -- An error event repeats the command.
    if entry.is_tagged and entry.fields then
      text = string.format('%s, for command "%s"', text, string.sub(table.concat(entry.fields, " "), 1, SHOWN))
    end
    self.loop.complain((entry.where and entry.where .. ": " or "") .. "refused: " .. text)
  end

  -- Nobody will ask any more.
  local function report_kept(by)
    if by.refused then report(by.refused) end
  end

  function self.loop.on_end(task)
    local by = task.commands
    task.commands = nil
    report_kept(by)
  end

  local function refused(entry)
    local by = entry.by
    local is_first = not by.refused
    if is_first then by.refused = entry end
    if not (by.asks and is_first) then report(entry) end
  end

  --- Raises misuse unless there are timers.
  function self.check_clock(what)
    if not io.timers then where.misuse("%s needs a clock, which only daemonproxy-lua has", what) end
  end

  --- How long a wait may take, if there is a limit; or raises misuse.
  function self.check_limit(what, seconds)
    if seconds == nil then return end
    where.seconds(what, seconds)
    self.check_clock(what .. " with a limit")
  end

  --- Waits for something other than answers: what was refused before is reported now.
  function self.pause(waiter, seconds)
    local by = self.loop.current().commands
    if by then report_kept(by) end
    return self.loop.wait(waiter, seconds)
  end

  -- Waits for answers: the first refusal is for the coroutine that waits.
  local function ask(waiter, seconds)
    local by = sender()
    by.asks = true
    local ok, why, name = self.loop.wait(waiter, seconds)
    by.asks = false
    return ok, why, name
  end

  --- The last command of this coroutine whose end is not known, if there is one.
  function self.last_sent()
    local by = self.loop.current().commands
    local entry = by and by.last
    return entry and not entry.is_back and entry or nil
  end

  -- --- sending

  local function wait_for_room()
    local task = self.loop.current()
    while under_way > WINDOW and not self.loop.is_closed do
      local waiter = {}
      room[#room + 1] = waiter
      ask(waiter)
    end
    -- This was not a wait of the script.
    task.told = nil
  end

  -- Sends a command, or an echo alone if there is no name. on_back is called when its end is known.
  local function put(name, by, place, on_back, ...)
    if name and has_tags == nil and not question then put(nil, nil, nil, function() end) end
    word_count = word_count + 1
    local asks = has_tags == nil and not question
    local is_tagged = has_tags or asks
    local word = (is_tagged and "lua-" or "lua-echo-") .. word_count
    local size, ok, why = 0, true, nil
    for at = 1, select("#", ...) do size = size + #select(at, ...) + 1 end
    if not is_tagged then
      if name then ok, why = io.send(...) end
      is_owed = not io.send("echo", word)
    else
      if name then ok, why = io.send("@" .. word, ...) else ok = io.send("@" .. word, "echo") end
      -- The end of something else, where there is no room for this.
      is_owed = not ok and not (name and io.send("@" .. word, "echo"))
    end
    -- If the connection is broken there is no answer, but its end is still to be read.
    local unsent = not is_owed and not ok and why or nil
    local entry = {
      name = name, by = by, where = place, on_back = on_back, word = word, size = size + 32, refused = unsent,
      is_tagged = is_tagged,
      -- Whether those before it that have no answer by then never will have one.
      tells_losses = not is_tagged,
    }
    under_way = under_way + entry.size
    last = last + 1
    pending[last] = entry
    words[word] = entry
    if asks then question = entry end
    if by and name then by.last = entry end
    return entry
  end

  -- An echo that shows what was lost.
  local function put_mark()
    put(nil, nil, nil, function() end).tells_losses = true
  end

  -- The fields of a command that is well formed.
  local function checked(...)
    local fields = commands.fields(...)
    local ok, why = io.check_command(table.concat(fields, "\t"))
    if not ok then where.misuse("%s, for command %s", why, string.sub(table.concat(fields, " "), 1, SHOWN)) end
    return fields
  end

  local function send(on_back, ...)
    local fields = checked(...)
    if under_way > WINDOW then wait_for_room() end
    if self.loop.is_closed then return nil end
    if fields[1] == "signal.clear" then
      local name, count = require("daemonproxy.signals").name(fields[2]), tonumber(fields[3])
      local after = on_back
      on_back = function(entry)
        if not entry.refused and not entry.why then known.cleared(name, count) end
        if after then after(entry) elseif entry.refused then refused(entry) end
      end
    end
    if fields[1] == "conn.features" then fields = self.features.of_script(fields) end
    if fields[1] == "service.start" and fields[3] ~= "-" then self.runs.begin(sender(), fields[2]) end
    local entry = put(fields[1], sender(), where.am_i(), on_back, table.unpack(fields))
    entry.fields = fields
    return entry
  end

  --- Sends a command and goes on.
  function self.send(...) send(nil, ...) end

  --- Sends a command and waits until it is carried out: true, or nil, why not, and what that error
  --- is called.
  function self.call(...)
    local waiter = {}
    local entry = send(function(entry)
      if entry.refused then wake(waiter, nil, entry.refused, entry.error)
      elseif entry.why then wake(waiter, nil, entry.why)
      else wake(waiter, true)
      end
    end, ...)
    if not entry then return self.loop.wait(waiter) end
    return ask(waiter)
  end

  -- Waits until an echo is back: all that was sent before is carried out.
  local function wait_for_echo(seconds)
    local waiter = {}
    if not self.loop.is_closed then
      put(nil, nil, nil, function(entry) wake(waiter, not entry.why or nil, entry.why) end)
    end
    return ask(waiter, seconds)
  end

  --- Waits until everything that was sent is carried out and reported; nil, the text and the name
  --- of the error, if a command of this coroutine was refused since it last asked.
  function self.sync(seconds)
    self.check_limit("sync", seconds)
    local ok, why = wait_for_echo(seconds)
    local by = sender()
    local entry = by.refused
    by.refused = nil
    if entry then return nil, entry.refused, entry.error end
    return ok, why
  end

  --- Waits until the commands of this coroutine are carried out, if any are not. Refusals are kept.
  function self.settle()
    if self.last_sent() then wait_for_echo() end
  end

  -- --- answers

  local function finish(entry)
    entry.is_back = true
    under_way = under_way - entry.size
    words[entry.word] = nil
    if entry == question then question = nil end
    if entry.on_back then entry.on_back(entry)
    elseif entry.refused then refused(entry)
    end
    local look = entry.then_look
    while look do
      look[1]()
      look = look.next
    end
  end

  -- This command has ended. If that tells what was lost, those sent before it have no other end.
  local function settle(entry)
    if not entry.tells_losses then finish(entry) end
    while first <= last and (not entry.is_back or pending[first].is_back) do
      local next = pending[first]
      pending[first] = nil
      first = first + 1
      if not next.is_back then
        if next ~= entry then next.why = errors.LOST end
        -- Nothing was missed, and yet there was no answer: whoever is there does not know tags.
        if next == question and next ~= entry and not known.overflowed then has_tags = false end
        finish(next)
      end
    end
    if first > last then first, last = 1, 0 end
    if room[1] and under_way <= WINDOW then
      local waiters = room
      room = {}
      for _, waiter in ipairs(waiters) do wake(waiter, true) end
    end
  end

  -- What this library sends to the daemon by itself; nobody needs to know how that ends.
  self.features = features.new(io.on_signal, listens, function(fields, on_back)
    if self.loop.is_closed then return end
    put(fields[1], nil, nil, on_back, table.unpack(fields)).is_own = true
  end)
  function self.handlers.on_change(event)
    if event == "signal" then self.features.update() end
  end

  -- Stands for the answer to a command of the library itself.
  local function is_own_answer(command)
    local entry = pending[first]
    return entry ~= nil and entry.is_own and entry.name == command
  end

  -- A start that failed later is reported with the name of the service, and is not an answer.
  local function take_error(text)
    -- The daemon has now read what was in the way.
    if is_owed then put_mark() end
    local entry = pending[first]
    if not entry or not entry.name or entry.is_tagged or entry.refused then return end
    if string.find(text, ', for service "[^"]*"$') then return end
    entry.refused, entry.error = text, errors.name_of(text)
  end

  -- Whether this error says that the daemon does not know tags.
  local function is_no(text)
    return question ~= nil and text == "Unknown command: @" .. question.word
  end

  -- The end of a command with a tag. False if it is none of ours.
  local function take_done(event)
    local entry = words[event.tag]
    if not entry or not entry.is_tagged then return false end
    if entry == question then has_tags = true end
    if is_owed then put_mark() end
    if event.error and not entry.refused then entry.refused, entry.error = event.text or event.error, event.error end
    settle(entry)
    return true
  end

  function closed(why)
    while first <= last do
      local entry = pending[first]
      pending[first] = nil
      first = first + 1
      if not entry.is_back then
        if not ENDING[entry.name] then entry.why = "closed" end
        finish(entry)
      end
    end
    publish("closed", { event = "closed", reason = why })
  end

  -- --- learning the whole state

  local function end_resync(a, b)
    local waiters = resync
    resync = nil
    for _, waiter in ipairs(waiters) do wake(waiter, a, b) end
  end

  local function dump()
    is_marked = false
    -- Nothing is marked before this echo is back: until then, news of a signal that was cleared
    -- meanwhile may be on its way, and no event reports that.
    local begin = put(nil, nil, nil, function(entry)
      if entry.why then return end
      is_marked = true
      known.mark()
    end)
    begin.tells_losses = begin.tells_losses or known.overflowed
    put("statedump", nil, nil, function(entry)
      local why = entry.refused or entry.why == "closed" and "closed"
      if why then
        is_marked = false
        return end_resync(nil, why)
      end
      local gone = is_marked and not entry.why and known.sweep()
      if not gone then return dump() end    -- it overflowed again: the dump has gaps
      is_marked = false
      for _, event in ipairs(gone) do
        if event.event == "service.state" or event.event == "service.run" then self.look(event) end
        publish(event.event, event)
      end
      publish("resynced", { event = "resynced" })
      end_resync(true)
    end, "statedump")
  end

  --- Learns the whole state, and forgets what no longer exists. Handlers hear what has changed.
  function self.resync(seconds)
    self.check_limit("resync", seconds)
    local waiter = {}
    if self.loop.is_closed then return self.loop.wait(waiter) end
    if not resync then
      resync = {}
      dump()
    end
    resync[#resync + 1] = waiter
    return ask(waiter, seconds)
  end

  local function overflowed()
    if self.auto_resync and not resync then
      resync = {}
      dump()
    elseif first <= last then
      -- Answers may be among the lost lines. When this one is back, we know.
      put_mark()
    end
  end

  -- --- events

  -- An observer leaves that to the daemon.
  local function act_by_default(name)
    local command = not self.features.is_observer and DEFAULTS[io.on_signal and io.on_signal[name]]
    if command and not self.loop.is_closed then put(command[1], {}, nil, nil, table.unpack(command)) end
  end

  --- From now on signals that nobody listens to do what they do by default, including those that
  --- came before.
  function self.begin()
    has_begun = true
    for _, name in ipairs(known.signal_names()) do
      if not listens(name) then act_by_default(name) end
    end
    self.features.begin()
  end

  local fold, is_news = known.fold, known.is_news

  function take_event(event)
    local name = event.event
    if event.fields then
      local entry = words[name]
      if entry and not entry.is_tagged and not event.fields[1] then return settle(entry) end
      if self.handlers.has("echo") then
        local line = table.concat({ name, table.unpack(event.fields) }, "\t")
        publish("echo", { event = "echo", line = line })
      end
      return
    end
    -- A dump repeats everything, and most of it is not news.
    local is_told = not is_marked or is_news(event)
    local take = fold[name]
    if take then take(event) end
    if name == "service.state" then
      self.moment.heard(event)
      self.look(event)
    elseif name == "service.run" then
      self.look(event)
    elseif name == "done" then
      if take_done(event) then return end
    elseif name == "error" and is_no(event.text) then
      has_tags = false
      return settle(question)
    elseif name == "error" then
      is_told = is_told and not is_own_answer("conn.features")
      take_error(event.text)
    elseif name == "conn.features" then
      is_told = not is_own_answer(name)
      self.features.told(event)
    elseif name == "overflow" then overflowed()
    end
    if is_told then
      publish(name, event)
      if name == "signal" and has_begun and not listens(event.signal) then act_by_default(event.signal) end
    end
  end

  return self
end

return session
