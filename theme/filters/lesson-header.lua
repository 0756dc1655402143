-- Puts the header of a lesson above a notebook's text: what you will be able to do, time, prerequisites, measured run
-- time, links, and the stamp of the last full validation. Runs under both engines.
-- The repository's address is `website.repo-url` of _quarto.yml, or that of the GitHub workflow that runs, or the
-- remote of the clone. Where none is known there are no links to it, because they could only be dead.

local project = dofile(quarto and quarto.utils.resolve_path('shared/project.lua')
  or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'shared', 'project.lua' }))

local RECORDS = 'downloads/lessons.json' -- written by site_builder/lessons.py
local MONTHS = { 'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December' }

-- ------------------------------------------------------------------------------------------------ what there is to say

local function text(value)
  return value and pandoc.utils.stringify(value) or nil
end

-- Returns the path of the source from the project's root, and what _quarto.yml says of the repository.
local function lesson(meta)
  return project.source(meta), (quarto and meta.website or meta['course-repository']) or {}
end

-- Returns the record of a lesson: its slides, its copy without solutions, the version of the course, the stamp.
local function record(source)
  return project.read(RECORDS)[source] or {}
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

-- ---------------------------------------------------------------------------------------------------------------- words

local function percent(words)
  return (words:gsub('[^%w._~-]', function(byte) return string.format('%%%02X', byte:byte()) end))
end

local function count(number, noun)
  return string.format('%d %s%s', number, noun, number == 1 and '' or 's')
end

-- Returns a length of time as people say it: 83.2 seconds are "1 min 23 s", 150 minutes are "2 h 30 min".
local function duration(seconds)
  local whole = math.max(1, math.floor(seconds + 0.5))
  local hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
  local parts = {}
  if hours > 0 then table.insert(parts, hours .. ' h') end
  if minutes > 0 then table.insert(parts, minutes .. ' min') end
  if rest > 0 and hours == 0 then table.insert(parts, rest .. ' s') end
  return table.concat(parts, ' ')
end

local function day(date)
  local year, month, number = date:match('^(%d+)-(%d+)-(%d+)')
  local words = string.format('%s %d, %s', MONTHS[tonumber(month)], tonumber(number), year)
  return '<time datetime="' .. project.escape(date) .. '">' .. words .. '</time>'
end

-- ---------------------------------------------------------------------------------------------------------------- links

local function item(kind, address, words, extra)
  local open = '<li><a class="lesson-link-' .. kind .. '" href="' .. project.escape(address) .. '"' .. (extra or '') .. '>'
  return open .. words .. '</a></li>'
end

-- The query keeps Quarto from turning the address into that of the rendered page; a file server ignores it.
local function download(kind, address, words)
  return item(kind, address .. '?download=1', words, ' download="' .. project.escape(pandoc.path.filename(address)) .. '"')
end

local function problem(repository, title, known, source)
  local body = 'Page: ' .. title .. ' (' .. source .. ')\nVersion: ' .. (known.version or 'unknown') .. '\n\nWhat is wrong:\n'
  return 'https://github.com/' .. repository .. '/issues/new?title=' .. percent(title .. ': ') .. '&body=' .. percent(body)
end

-- Returns the way from a source to the project's root.
local function root(source)
  return string.rep('../', select(2, source:gsub('/', '')))
end

local function links(source, title, known, website)
  local items, name = {}, github(website)
  local up = root(source)
  if (known.slides or '') ~= '' then table.insert(items, item('slides', known.slides, 'View slides')) end
  table.insert(items, download('notebook', pandoc.path.filename(source), 'Download notebook'))
  if known.student then table.insert(items, download('student', up .. known.student, 'Download without solutions')) end
  if name then
    local place = name .. '/blob/' .. (text(website['repo-branch']) or 'main') .. '/' .. source
    table.insert(items, item('colab', 'https://colab.research.google.com/github/' .. place, 'Open in Colab'))
    table.insert(items, item('source', 'https://github.com/' .. place, 'View source'))
    table.insert(items, item('problem', problem(name, title, known, source), 'Report a problem'))
  end
  return pandoc.RawBlock('html', '<ul class="lesson-links">' .. table.concat(items) .. '</ul>')
end

-- ---------------------------------------------------------------------------------------------------------------- stamp

local function some(part, all)
  return string.format('%d of %s', part, count(all, 'code cell'))
end

local SAYINGS = {
  passed = function(stamp)
    return '<strong>Verified</strong> on ' .. day(stamp.date) .. ': all ' .. count(stamp.cells, 'code cell')
      .. ' ran again without an error. Printed results were compared with those shown here, except where a cell is'
      .. ' marked as depending on the machine.'
  end,
  failed = function(stamp)
    return '<strong>Failed</strong> its validation on ' .. day(stamp.date) .. ': ' .. some(stamp.failed, stamp.cells)
      .. ' raised an error or printed something else than what is shown here.'
  end,
  incomplete = function(stamp)
    return '<strong>Not fully verified</strong>: on ' .. day(stamp.date) .. ', ' .. some(stamp.skipped, stamp.cells)
      .. ' did not run.'
  end,
  changed = function(stamp)
    return '<strong>Changed since its last validation</strong> on ' .. day(stamp.date)
      .. ': the lesson, or the code or data that it uses, is another one now.'
  end,
  unchecked = function()
    return '<strong>Not verified</strong>: no full validation has run on this copy of the course.'
  end,
}

-- Returns on what the lesson ran. Where the lesson has changed since, this would say nothing of it.
local function setting(stamp)
  local parts = {}
  for _, package in ipairs({ { 'python', 'Python' }, { 'numpy', 'NumPy' }, { 'torch', 'PyTorch' } }) do
    local version = stamp.versions[package[1]]
    if version then table.insert(parts, package[2] .. ' ' .. version) end
  end
  table.insert(parts, stamp.processor)
  table.insert(parts, count(stamp.cores, 'core'))
  table.insert(parts, duration(stamp.seconds))
  if stamp.commit then table.insert(parts, 'commit ' .. (stamp.commit:gsub('%-dirty$', ' with uncommitted changes'))) end
  return project.escape(table.concat(parts, ' · '))
end

-- `status` is the address of what the page "Status" says of the lesson, if the course has one.
local function stamped(stamp, status)
  local state = SAYINGS[stamp.state] and stamp.state or 'unchecked'
  local more = status and ' <a href="' .. project.escape(status) .. '">What was checked</a>' or ''
  local lines = '<p>' .. SAYINGS[state](stamp) .. more .. '</p>'
  if stamp.versions and state ~= 'changed' then lines = lines .. '<p class="lesson-setting">' .. setting(stamp) .. '</p>' end
  return pandoc.RawBlock('html', '<div class="lesson-stamp" data-state="' .. state .. '">' .. lines .. '</div>')
end

-- ---------------------------------------------------------------------------------------------------------------- facts

local function run_time(stamp)
  if stamp.state ~= 'passed' then return 'not measured for this version' end
  return duration(stamp.seconds) .. ' on ' .. count(stamp.cores, 'CPU core') .. ', measured when the lesson was last verified'
end

-- Returns the items of a list in the metadata; a single text is a list of one.
local function items(value)
  local blocks = pandoc.List()
  for _, entry in ipairs(pandoc.utils.type(value) == 'List' and value or { value }) do
    blocks:insert({ pandoc.Plain(pandoc.utils.type(entry) == 'Inlines' and entry or { pandoc.Str(text(entry)) }) })
  end
  return blocks
end

local function time(about)
  local words = duration(60 * tonumber(text(about.minutes))) .. ' to read and run'
  local extra = about['exercise-minutes'] and tonumber(text(about['exercise-minutes']))
  return extra and (words .. ', and ' .. duration(60 * extra) .. ' for the exercises') or words
end

local function fact(term, blocks)
  return { { pandoc.Str(term) }, { blocks } }
end

-- Returns what the front matter's `lesson` says, with the time that the cells took.
local function facts(about, stamp)
  local heading = pandoc.Header(2, 'What you will be able to do', { id = 'what-you-will-be-able-to-do' })
  local rows = pandoc.DefinitionList({
    fact('Time', { pandoc.Plain({ pandoc.Str(time(about)) }) }),
    fact('The cells run in', { pandoc.Plain({ pandoc.Str(run_time(stamp)) }) }),
    fact('You need', { pandoc.BulletList(items(about.requires)) }),
  })
  return { heading, pandoc.OrderedList(items(about.objectives)), pandoc.Div({ rows }, { class = 'lesson-facts' }) }
end

function Pandoc(document)
  local source, website = lesson(document.meta)
  if not source:match('%.ipynb$') then return nil end
  local known, about = record(source), document.meta.lesson
  local stamp = known.stamp or { state = 'unchecked' }
  local blocks = pandoc.List({ links(source, text(document.meta.title) or source, known, website) })
  if about then blocks:extend(facts(about, stamp)) end
  blocks:insert(stamped(stamp, known.status and root(source) .. known.status))
  document.blocks:insert(1, pandoc.Div(blocks, { class = 'lesson-header' }))
  return document
end
