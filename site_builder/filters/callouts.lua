-- Callouts: a title with its kind said in words, foldable with the browser's own disclosure element.
local common = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'common.lua' }))

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match('^callout%-(%a+)$')
    if kind then return kind end
  end
end

local function title_of(div, kind)
  local given = div.attributes.title
  if given then return pandoc.utils.blocks_to_inlines(pandoc.read(given, 'markdown').blocks) end
  local first = div.content[1]
  if first and first.t == 'Header' then
    div.content:remove(1)
    return first.content
  end
  return pandoc.Inlines({ pandoc.Str((kind:gsub('^%l', string.upper))) })
end

local function callout(div)
  local kind = kind_of(div)
  if not kind then return nil end
  local title = common.html(title_of(div, kind))
  local collapse = div.attributes.collapse
  local class = common.carried(div, { 'callout', 'callout-' .. kind, 'callout-titled' }, { title = true, collapse = true })
  local icon = '<span class="callout-icon" aria-hidden="true"></span>'
  local name = '<span class="visually-hidden">' .. kind .. ': </span>'
  local heading = icon .. '<span class="callout-title">' .. name .. title .. '</span>'
  local open, close
  if collapse then
    local state = collapse == 'false' and ' open' or ''
    open = '<details' .. class .. state .. '><summary class="callout-header">' .. heading .. '</summary>'
    close = '</details>'
  else
    open = '<div' .. class .. '><div class="callout-header">' .. heading .. '</div>'
    close = '</div>'
  end
  local blocks = pandoc.Blocks({ common.raw(open .. '<div class="callout-body">') })
  blocks:extend(div.content)
  blocks:insert(common.raw('</div>' .. close))
  return blocks
end

return { { Div = callout } }
