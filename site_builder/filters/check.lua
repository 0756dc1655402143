-- Refuses classes, attributes and raw formats that nothing gives a meaning to.
local common = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'common.lua' }))
local classes, attributes = {}, {}

local check_attributes

local function check(kind, element)
  for _, class in ipairs(element.classes) do
    if not classes[class] then
      common.fail('class', class, 'unknown class .' .. class .. ' on a ' .. kind)
    end
  end
  check_attributes(kind, element)
end

function check_attributes(kind, element)
  for key in pairs(element.attributes) do
    if not attributes[key] and not key:match('^data%-') and not key:match('^aria%-') and key ~= 'style' then
      common.fail('attribute', key, 'unknown attribute ' .. key .. ' on a ' .. kind)
    end
  end
end

local function raw(element)
  if element.format ~= 'html' and element.format ~= 'html5' then
    local message = 'raw ' .. element.format .. ' cannot be shown on a page'
    common.fail('raw', element.text:match('[^\n]*'), message)
  end
end

local function read(meta)
  classes = common.set(meta['course-classes'])
  attributes = common.set(meta['course-attributes'])
end

-- Quarto knows a pause only between the blocks of a slide; inside of a div it would print the three dots.
local function no_pause(div)
  for _, block in ipairs(div.content) do
    if block.t == 'Para' and pandoc.utils.stringify(block) == '. . .' then
      common.fail('pause', '. . .', 'a pause stands between the blocks of a slide; inside of a div write ::: {.fragment}')
    end
  end
end

local elements = {
  Div = function(div)
    no_pause(div)
    if div.classes:includes('cell') or div.classes:includes('cell-output') then
      local own = div:clone()
      own.classes = own.classes:filter(function(class) return not class:match('^cell') end)
      check('cell', own)
      return
    end
    if div.attributes.collapse and div.attributes.collapse ~= 'true' and div.attributes.collapse ~= 'false' then
      common.fail('attribute', 'collapse', 'collapse is true or false, not ' .. div.attributes.collapse)
    end
    -- The engine's own wrapper of a table's caption.
    if not div.classes:includes('table-caption') then check('div', div) end
  end,
  Span = function(span) check('span', span) end,
  Header = function(header) check('heading', header) end,
  Image = function(image) check('image', image) end,
  Link = function(link)
    if not (link.classes:includes('uri') or link.classes:includes('email')) then check('link', link) end
  end,
  CodeBlock = function(block)
    local own = block:clone()
    for _, key in ipairs({ 'code-fold', 'code-summary' }) do own.attributes[key] = nil end
    check_attributes('code block', own)
  end,
  Code = function(code)
    if code.text:match('^{%a+}%s') then
      local message = 'the inline expression `' .. code.text .. '` is not understood; it is Python, on one line of a .qmd'
      common.fail('inline', code.text:match('^{%a+}%s+%S+'), message)
    end
    check_attributes('code', code)
  end,
  Str = function(str)
    if str.text:match('^{python}') or str.text:match('%[%^[^%]]+%]') or str.text:match('^:::') then
      common.fail('text', str.text, 'this would be shown as it is written: ' .. str.text)
    end
  end,
  RawBlock = raw,
  RawInline = raw,
}

return { { Meta = read }, elements }
