-- Small helpers that several filters share.
local common = {}

-- Report a mistake of the course. The builder reads these lines and finds the place by the token.
function common.fail(kind, token, message)
  io.stderr:write(table.concat({ 'COURSE-ERROR', kind, token, message }, '\t'), '\n')
end

function common.raw(html)
  return pandoc.RawBlock('html', html)
end

function common.escape(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end

-- What an element carries besides the classes and attributes that a filter gave a meaning to, as HTML attributes.
function common.carried(element, own_classes, understood)
  local classes = pandoc.List(own_classes)
  for _, class in ipairs(element.classes) do
    if not classes:includes(class) and not understood[class] then classes:insert(class) end
  end
  local html = ' class="' .. table.concat(classes, ' ') .. '"'
  if element.identifier ~= '' then html = html .. ' id="' .. common.escape(element.identifier) .. '"' end
  for key, value in pairs(element.attributes) do
    if not understood[key] then html = html .. ' ' .. key .. '="' .. common.escape(value) .. '"' end
  end
  return html
end

-- Inlines as HTML, for use inside raw HTML.
function common.html(inlines)
  local html = pandoc.write(pandoc.Pandoc({ pandoc.Plain(inlines) }), 'html5', { html_math_method = 'katex' })
  return (html:gsub('%s+$', ''))
end

function common.set(values)
  local set = {}
  for _, value in ipairs(values or {}) do
    set[pandoc.utils.stringify(value)] = true
  end
  return set
end

function common.is_slides()
  return FORMAT:match('revealjs') ~= nil
end

return common
