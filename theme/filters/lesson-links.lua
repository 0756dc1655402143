-- Puts the links of a lesson (open in Colab, download) above a notebook's text. Runs under both engines.
-- The repository's address is `website.repo-url` of _quarto.yml, or that of the GitHub workflow that runs, or the
-- remote of the clone. Where none is known there is no Colab link, because it could only be dead.

local function text(value)
  return value and pandoc.utils.stringify(value) or nil
end

-- Returns the path of the source from the project's root, and what _quarto.yml says of the repository.
local function lesson(meta)
  if quarto then
    local input = pandoc.path.make_relative(quarto.doc.input_file, quarto.project.directory)
    return (input:gsub('\\', '/')), meta.website or {}
  end
  return text(meta['course-source']) or '', meta['course-repository'] or {}
end

local function remote()
  local found, address = pcall(pandoc.pipe, 'git', { 'config', '--get', 'remote.origin.url' }, '')
  return found and address:gsub('%s+$', '') or nil
end

-- Returns "owner/name" on GitHub, or nil.
local function github(repository)
  local workflow = os.getenv('GITHUB_REPOSITORY')
  local address = text(repository['repo-url']) or (workflow and 'https://github.com/' .. workflow) or remote()
  local name = address and (address:match('^https?://github%.com/([%w_.-]+/[%w_.-]+)')
    or address:match('^git@github%.com:([%w_.-]+/[%w_.-]+)'))
  return name and (name:gsub('%.git$', ''))
end

local function item(address, words, extra)
  return '<li><a href="' .. address .. '"' .. (extra or '') .. '>' .. words .. '</a></li>'
end

function Pandoc(document)
  local source, repository = lesson(document.meta)
  if not source:match('%.ipynb$') then return nil end
  local items, name = {}, github(repository)
  if name then
    local branch = text(repository['repo-branch']) or 'main'
    local address = 'https://colab.research.google.com/github/' .. name .. '/blob/' .. branch .. '/' .. source
    table.insert(items, item(address, 'Open in Colab'))
  end
  -- The query keeps Quarto from turning the address into that of the rendered page; a file server ignores it.
  local file = pandoc.path.filename(source)
  table.insert(items, item(file .. '?download=1', 'Download notebook', ' download="' .. file .. '"'))
  local html = '<ul class="lesson-links">' .. table.concat(items) .. '</ul>'
  document.blocks:insert(1, pandoc.RawBlock('html', html))
  return document
end
