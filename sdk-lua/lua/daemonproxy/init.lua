-- What a script gets: the connection of this process, and everything that is known about the daemon
-- so far.
--
--     local dp = require "daemonproxy"

local dp = require "daemonproxy.controller"

dp.session.features.want_runs()
dp.resync()
-- Until it waits for the first time, the script sets its handlers.
dp.session.loop.on_begin = dp.session.begin

return dp
