-- Names of hosts, from /etc/hosts: a static program cannot ask the name service, and a check that
-- waits for one would be no check.

local hosts = {}

--- Where the names are.
hosts.FILE = "/etc/hosts"

--- Whether that is an address already.
local function is_address(text)
  return string.find(text, "^%d+%.%d+%.%d+%.%d+$") or string.find(text, ":", 1, true)
end

local function look_up(name)
  local file = io.open(hosts.FILE)
  if not file then return nil end
  local found
  for line in file:lines() do
    local address, names = string.match(line, "^%s*([^%s#]+)%s+([^#]*)")
    for word in string.gmatch(names or "", "%S+") do
      if string.lower(word) == string.lower(name) then
        -- The first counts, but IPv4 before IPv6: what listens on all addresses hears both.
        if not string.find(address, ":", 1, true) then
          file:close()
          return address
        end
        found = found or address
      end
    end
  end
  file:close()
  return found
end

--- What dp.connect takes for this host and port; or nil and that the name is not known.
function hosts.address(host, port)
  local address = host
  if not is_address(host) then
    address = look_up(host)
    if not address and host == "localhost" then address = "127.0.0.1" end
    if not address then return nil, string.format("%s is not in %s", host, hosts.FILE) end
  end
  if string.find(address, ":", 1, true) then address = "[" .. address .. "]" end
  return address .. ":" .. port
end

return hosts
