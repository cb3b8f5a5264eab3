std = "lua54"
max_line_length = 120
exclude_files = { "lua/daemonproxy/grammar.lua", "types/" }
-- Standard output is the way to the daemon: print goes elsewhere.
files["lua/daemonproxy/plain.lua"].globals = { "print" }
