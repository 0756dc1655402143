-- Puts the links of a lesson (open in Colab, download) above a notebook's text.
-- Runs under both engines. Where the repository's address is known comes from `website.repo-url` in _quarto.yml; where
-- it is not known there is no Colab link, because it could only be dead.

local function text(value)
  return value and pandoc.utils.stringify(value) or nil
end

-- Returns the path of the source from the project's root and the repository, or nil for anything but a notebook.
local function lesson(meta)
  if quarto then
    local input = pandoc.path.make_relative(quarto.doc.input_file, quarto.project.directory)
    return input:gsub('\\', '/'), meta.website or {}
  end
  return text(meta['course-source']) or '', meta['course-repository'] or {}
end

local function colab(repository, branch, source)
  local owner_and_name = repository and repository:match('^https://github%.com/([^/]+/[^/]+)')
  if not owner_and_name then return nil end
  local name = owner_and_name:gsub('%.git$', '')
  return 'https://colab.research.google.com/github/' .. name .. '/blob/' .. branch .. '/' .. source
end

local function item(html)
  return '<li>' .. html .. '</li>'
end

function Pandoc(document)
  local source, repository = lesson(document.meta)
  if not source:match('%.ipynb$') then return nil end
  local file = pandoc.path.filename(source)
  -- The query keeps Quarto from turning the address into that of the rendered page; a file server ignores it.
  local items = { item('<a href="' .. file .. '?download=1" download="' .. file .. '">Download notebook</a>') }
  local address = colab(text(repository['repo-url']), text(repository['repo-branch']) or 'main', source)
  if address then table.insert(items, 1, item('<a href="' .. address .. '">Open in Colab</a>')) end
  local html = '<ul class="lesson-links">' .. table.concat(items) .. '</ul>'
  document.blocks:insert(1, pandoc.RawBlock('html', html))
  return document
end
