-- Shows what passed on the AT ports of a modem: packets of the link type user0, each of which is
-- '>' (host to module) or '<' (module to host) and the bytes of the line.
local at = Proto("eg91xq", "AT port of an EG91xQ")

local direction = ProtoField.string("eg91xq.direction", "Direction")
local text = ProtoField.string("eg91xq.text", "Text")
at.fields = { direction, text }

local interface_name = Field.new("frame.interface_name")

local speakers = { [">"] = "host to module", ["<"] = "module to host" }
local named = { ["\r"] = "\\r", ["\n"] = "\\n", ["\t"] = "\\t", ["\\"] = "\\\\" }
local longest_info = 200

local function printable(bytes)
  return (bytes:gsub("[%c\\\128-\255]", function(byte)
    return named[byte] or string.format("\\x%02X", byte:byte())
  end))
end

-- The line ends around a command or a response tell nothing in a list of packets.
local function in_short(bytes)
  local line = printable((bytes:gsub("^[\r\n]+", ""):gsub("[\r\n]+$", "")))
  if #line > longest_info then return line:sub(1, longest_info) .. "..." end
  return line
end

function at.dissector(tvb, pinfo, tree)
  if tvb:len() == 0 then return 0 end
  local speaker = tvb:raw(0, 1)
  if not speakers[speaker] then return 0 end
  local bytes = tvb:raw():sub(2)
  local name = interface_name()

  pinfo.cols.protocol = "AT"
  pinfo.cols.info = (name and name.value .. " " or "") .. speaker .. " " .. in_short(bytes)
  if speaker == ">" then
    pinfo.cols.src, pinfo.cols.dst = "host", "module"
  else
    pinfo.cols.src, pinfo.cols.dst = "module", "host"
  end

  local branch = tree:add(at, tvb(), "AT port, " .. speakers[speaker])
  branch:add(direction, tvb(0, 1), speaker):append_text(" (" .. speakers[speaker] .. ")")
  if #bytes > 0 then branch:add(text, tvb(1), printable(bytes)) end
  return tvb:len()
end

DissectorTable.get("wtap_encap"):add((wtap_encaps or wtap).USER0, at)
