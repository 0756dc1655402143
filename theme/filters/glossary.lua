-- Marks the terms of the glossary in running text, and fills the page `glossary.qmd`. Runs under both engines.
--
-- A marked term is a link to its entry. Its definition travels with the first such link of the page, so that the page
-- needs nothing else; `theme/js/term-tips.js` shows it. Marked is the first occurrence on a page, in each level-2 section
-- of a lesson and in each part of a deck, with four marks a slide at most: a reader who comes from a search or a link
-- starts in the middle. Headings, links, code, formulas, tables, captions, notes, folded text and lists of references stay as they are. So do words in
-- bold on a page: there the text itself introduces the term.
--
-- `[word]{.no-term}` switches a word off, `glossary: false` in the front matter a page. `[word]{.term}` marks a word in
-- any case, `[words]{.term data-term="name"}` under another name, and a link to `glossary.qmd#term-...`, as notebooks
-- need it, shows the definition too.

local project = dofile(quarto and quarto.utils.resolve_path('shared/project.lua')
  or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'shared', 'project.lua' }))

local TERMS = '.cache/site_builder/glossary.json'
local SKIPPED = pandoc.List({ 'cell', 'cell-output', 'notes', 'hidden', 'references', 'table-caption', 'no-term' })

-- "Gradient" at the start of a sentence is "gradient"; "ReLU" and "TFs" are written in one way only.
local function folded(word)
  local is_name = not (word:match('^%u%l+$') or word:match('^%u%l+%-'))
  return is_name and word or word:sub(1, 1):lower() .. word:sub(2)
end

-- Returns the forms of all terms by their first word, the longest first: lists of words with the entry they belong to.
local function index(terms)
  local by_word = {}
  for _, entry in ipairs(terms) do
    for _, form in ipairs(entry.forms) do
      local words = {}
      for word in form:gmatch('%S+') do table.insert(words, folded(word)) end
      by_word[words[1]] = by_word[words[1]] or {}
      table.insert(by_word[words[1]], { words = words, entry = entry })
    end
  end
  for _, forms in pairs(by_word) do
    table.sort(forms, function(one, other) return #one.words > #other.words end)
  end
  return by_word
end

-- Splits a word of the text into what stands before it, itself, and what stands behind; nil for a part of a compound.
local function split(text)
  local before, word, behind = text:match('^([^%w]*)(.-)([^%w]*)$')
  if word == '' or before:match('[-_/.@]') or behind:match('^[-_/@]') then return nil end
  local owner = word:match('^(.+)’s$')
  if owner then return before, owner, '’s' .. behind end
  return before, word, behind
end

local up, defined, seen, on_slides = '', {}, {}, false
local MOST = 4 -- marks on one slide
local marks = 0
local introducing = false -- inside of bold text on a page
local by_word, by_anchor = {}, {}

local function link(content, entry)
  local attributes = { class = 'term' }
  if not defined[entry.anchor] then
    attributes['data-term'], attributes['data-definition'] = entry.name, entry.means
    defined[entry.anchor] = true
  end
  return pandoc.Link(content, up .. 'glossary.qmd#' .. entry.anchor, '', attributes)
end

-- Tells whether the words of a form stand in a list of inlines from one place on; returns what is around them.
local function match_at(inlines, place, form)
  local before, first, behind = split(inlines[place].text)
  local last = place
  for number, word in ipairs(form.words) do
    if number > 1 then
      local gap, following = inlines[last + 1], inlines[last + 2]
      if behind ~= '' or not gap or not following then return nil end
      if (gap.t ~= 'Space' and gap.t ~= 'SoftBreak') or following.t ~= 'Str' then return nil end
      local lead
      lead, first, behind = split(following.text)
      if lead ~= '' then return nil end
      last = last + 2
    end
    if first ~= word and folded(first) ~= word then return nil end
  end
  return { before = before, behind = behind, last = last }
end

local function find(inlines, place)
  local _, word = split(inlines[place].text)
  if not word then return nil end
  for _, key in ipairs(word == folded(word) and { word } or { word, folded(word) }) do
    for _, form in ipairs(by_word[key] or {}) do
      local match = match_at(inlines, place, form)
      if match then return match, form.entry end
    end
  end
end

-- The words of a match, without what stands around them.
local function content(inlines, place, match)
  local words = pandoc.Inlines({})
  for number = place, match.last do words:insert(inlines[number]:clone()) end
  words[1].text = words[1].text:sub(#match.before + 1)
  local final = words[#words]
  final.text = final.text:sub(1, #final.text - #match.behind)
  return words
end

local function wrapped(text, inlines)
  if text ~= '' then inlines:insert(pandoc.Str(text)) end
end

-- The entry that a text names as a whole, as `[text]{.term}` does.
local function named(text)
  local words = pandoc.Inlines(text)
  if #words == 0 or words[1].t ~= 'Str' then return nil end
  local match, entry = find(words, 1)
  return match and match.last == #words and match.before == '' and match.behind == '' and entry or nil
end

local mark

local function explicit(span)
  local name = span.attributes['data-term'] or pandoc.utils.stringify(span)
  local entry = named(name)
  if entry then
    seen[entry.anchor] = true
    return link(span.content, entry)
  end
  project.refuse('text', pandoc.utils.stringify(span), 'the glossary has no term "' .. name .. '"')
  return span
end

-- A link to an entry that the author wrote, as notebooks must, shows the definition too.
local function written(element)
  local anchor = element.target:match('glossary%.qmd#(term%-[%w-]+)$')
  local entry = anchor and by_anchor[anchor]
  if not entry then return element end
  seen[anchor] = true
  return link(element.content, entry)
end

-- What to do inside of an inline element; what is not listed here is left alone.
local inside = {
  Link = written,
  Span = function(span)
    if span.classes:includes('term') then return explicit(span) end
    if span.classes:includes('no-term') then return span end
    span.content = mark(span.content)
    return span
  end,
  Strong = function(strong)
    local before = introducing
    introducing = introducing or not on_slides
    strong.content = mark(strong.content)
    introducing = before
    return strong
  end,
}
-- Italics that begin with a capital and go on for three words or more are the title of a work.
local function is_title(element)
  return element.t == 'Emph' and pandoc.utils.stringify(element):match('^%u%S*%s+%S+%s+%S') ~= nil
end

for _, tag in ipairs({ 'Emph', 'Quoted', 'Underline', 'SmallCaps' }) do
  inside[tag] = function(element)
    if not is_title(element) then element.content = mark(element.content) end
    return element
  end
end

function mark(inlines)
  local result, place = pandoc.Inlines({}), 1
  while place <= #inlines do
    local element = inlines[place]
    local match, entry
    if element.t == 'Str' then match, entry = find(inlines, place) end
    if not match then
      result:insert(inside[element.t] and inside[element.t](element) or element)
      place = place + 1
    else
      local words = content(inlines, place, match)
      wrapped(match.before, result)
      local wanted = entry.mark and not seen[entry.anchor] and not introducing
      local crowded = wanted and on_slides and marks >= MOST
      if wanted and not crowded then
        result:insert(link(words, entry))
        marks = marks + 1
      else
        result:extend(words)
      end
      seen[entry.anchor] = seen[entry.anchor] or not crowded
      wrapped(match.behind, result)
      place = match.last + 1
    end
  end
  return result
end

local blocks
local folds = 0
local references = nil -- level of the heading "References" below which the text is

-- Raw HTML may open and close <details>, whose content is not there to read until it is opened.
local function count_folds(text)
  folds = folds + select(2, text:gsub('<details', '')) - select(2, text:gsub('</details', ''))
end

local function items(list)
  for number, item in ipairs(list.content) do list.content[number] = blocks(item) end
end

local function paragraph(block)
  if folds == 0 and not references then block.content = mark(block.content) end
end

local function div(block)
  local skipped = block.identifier == 'refs' or block.attributes['__quarto_custom_type'] == 'FloatRefTarget'
  for _, class in ipairs(block.classes) do skipped = skipped or SKIPPED:includes(class) end
  if not skipped then block.content = blocks(block.content) end
end

local starts_section = 0

local function heading(block)
  if block.level == starts_section then seen = {} end
  if block.level <= 2 then marks = 0 end
  if references and block.level <= references then references = nil end
  if pandoc.utils.stringify(block):match('^References') then references = block.level end
end

local inside_block = {
  Para = paragraph,
  Plain = paragraph,
  BulletList = items,
  OrderedList = items,
  BlockQuote = function(block) block.content = blocks(block.content) end,
  Div = div,
  RawBlock = function(block) count_folds(block.text) end,
  Header = heading,
}

function blocks(list)
  for _, block in ipairs(list) do
    if inside_block[block.t] then inside_block[block.t](block) end
  end
  return list
end

-- ------------------------------------------------------------------------------------------- the page of the glossary

local function letter(entry)
  return entry.name:sub(1, 1):upper()
end

local function comma_separated(names)
  return pandoc.Str(table.concat(names, ', '))
end

-- The last line of an entry: other names and the lessons that teach it.
local function facts(entry)
  local line = pandoc.Inlines({})
  if #entry.also > 0 then line:extend({ pandoc.Str('Also: '), comma_separated(entry.also), pandoc.Str('. ') }) end
  for number, lesson in ipairs(entry.taught) do
    line:insert(pandoc.Str(number == 1 and 'Taught in ' or ' and '))
    line:insert(pandoc.Link(lesson.name, up .. lesson.source))
  end
  if #entry.taught > 0 then line:insert(pandoc.Str('.')) end
  return line
end

local function article(entry)
  local title = entry.name:match('^%u') and entry.name or entry.name:sub(1, 1):upper() .. entry.name:sub(2)
  local heading = pandoc.Header(3, title, pandoc.Attr(entry.anchor))
  local list = pandoc.Blocks({ heading, pandoc.Para(pandoc.Inlines(entry.means)) })
  local line = facts(entry)
  if #line > 0 then list:insert(pandoc.Div({ pandoc.Plain(line) }, pandoc.Attr('', { 'term-facts' }))) end
  return list
end

local function letters(terms)
  local list, last = {}, nil
  for _, entry in ipairs(terms) do
    if letter(entry) ~= last then
      last = letter(entry)
      table.insert(list, '<li><a href="#letter-' .. last:lower() .. '">' .. last .. '</a></li>')
    end
  end
  return pandoc.RawBlock('html', '<nav class="letters" aria-label="Letters"><ul>' .. table.concat(list) .. '</ul></nav>')
end

local function script(name)
  return pandoc.RawBlock('html', '<script type="module" src="' .. up .. 'theme/js/' .. name .. '"></script>')
end

local function whole_glossary(terms)
  local list, last = pandoc.Blocks({ letters(terms) }), nil
  for _, entry in ipairs(terms) do
    if letter(entry) ~= last then
      last = letter(entry)
      list:insert(pandoc.Header(2, last, pandoc.Attr('letter-' .. last:lower())))
    end
    list:extend(article(entry))
  end
  list:insert(script('glossary-filter.js'))
  return list
end

-- Fills the glossary in, if this is its page. The entries take the place of the div: their headings are the page's own.
local function filled(document, terms)
  for place, block in ipairs(document.blocks) do
    if block.t == 'Div' and block.classes:includes('glossary-list') then
      document.blocks:remove(place)
      for number, new in ipairs(whole_glossary(terms)) do document.blocks:insert(place + number - 1, new) end
      return true
    end
  end
  return false
end

function Pandoc(document)
  local terms, path = project.read(TERMS), project.source(document.meta)
  up = string.rep('../', select(2, path:gsub('/', '')))
  if #terms == 0 or document.meta.glossary == false then return nil end
  if filled(document, terms) then return document end
  on_slides = FORMAT:match('revealjs') ~= nil
  starts_section = on_slides and 1 or path:match('%.ipynb$') and 2 or 0
  by_word = index(terms)
  for _, entry in ipairs(terms) do by_anchor[entry.anchor] = entry end
  document.blocks = blocks(document.blocks)
  if next(defined) then document.blocks:insert(script('term-tips.js')) end
  return document
end
