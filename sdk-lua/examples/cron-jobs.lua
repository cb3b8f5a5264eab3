-- The table of cron.lua. After a change, send the daemon a SIGHUP.
--
-- `when` is a number of seconds, or "HH:MM", or the five fields of crontab(5).

return {
  { name = "beat", when = 30, args = { "date", "+%T: still here" } },
  { name = "tidy", when = "03:30", args = { "find", "/tmp", "-user", "nobody", "-mtime", "+7", "-print" } },
  { name = "disks", when = "*/15 8-18 * * mon-fri", args = { "df", "-h", "/" } },
}
