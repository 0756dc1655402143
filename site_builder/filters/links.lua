-- Links to sources become links to the pages made from them; speaker-only and hidden parts go.
local common = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'common.lua' }))
local sources, folder = {}, '.'

local function normalize(path)
  local parts = {}
  for part in path:gmatch('[^/]+') do
    if part == '..' and #parts > 0 and parts[#parts] ~= '..' then
      table.remove(parts)
    elseif part ~= '.' then
      table.insert(parts, part)
    end
  end
  return table.concat(parts, '/')
end

local function read(meta)
  sources = common.set(meta['course-sources'])
  folder = pandoc.utils.stringify(meta['course-folder'] or '.')
end

local function link(element)
  local path, rest = element.target:match('^([^?#]*)(.*)$')
  if path == '' or path:match('^%a[%w+.-]*:') or not (path:match('%.qmd$') or path:match('%.ipynb$')) then return nil end
  if element.attributes.download ~= nil then return nil end
  local decoded = path:gsub('%%(%x%x)', function(code) return string.char(tonumber(code, 16)) end)
  local source = normalize(folder .. '/' .. decoded)
  if not sources[source] then
    common.fail('link', element.target, 'the link ' .. element.target .. ' leads to no source of the course')
    return nil
  end
  element.target = path:gsub('%.%a+$', '.html') .. rest
  return element
end

return {
  { Meta = read },
  {
    Link = link,
    Div = function(div) if div.classes:includes('hidden') then return {} end end,
    Meta = function(meta)
      for key in pairs(meta) do
        if key:match('^course%-') then meta[key] = nil end
      end
      return meta
    end,
  },
}
