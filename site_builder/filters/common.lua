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
