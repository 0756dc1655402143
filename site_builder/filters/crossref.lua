-- Numbers figures, tables and equations, and turns @fig-x, @tbl-x, @eq-x and @sec-x into links.
local common = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'common.lua' }))
local words = { fig = 'Figure', tbl = 'Table', eq = 'Equation', sec = 'Section' }
local counts, labels = { fig = 0, tbl = 0, eq = 0 }, {}

local function prefix_of(id)
  local prefix = id:match('^(%a+)%-')
  return words[prefix] and prefix or nil
end

local function number(id)
  local prefix = prefix_of(id)
  if labels[id] then common.fail('label', id, 'the label ' .. id .. ' is given twice') end
  counts[prefix] = counts[prefix] + 1
  labels[id] = { pandoc.Str(words[prefix] .. '\u{a0}' .. counts[prefix]) }
  return counts[prefix]
end

-- "Figure 1: " before a caption.
local function numbered(caption, prefix, n)
  local blocks = pandoc.Blocks(caption)
  local lead = { pandoc.Str(words[prefix] .. '\u{a0}' .. n .. ':'), pandoc.Space() }
  local span = pandoc.Span(lead, pandoc.Attr('', { 'caption-number' }))
  if #blocks == 0 or not blocks[1].content then return pandoc.Blocks({ pandoc.Plain({ span }) }) end
  blocks[1].content:insert(1, span)
  return blocks
end

local function figure(element)
  if prefix_of(element.identifier) ~= 'fig' then return nil end
  element.caption.long = numbered(element.caption.long, 'fig', number(element.identifier))
  return element
end

-- A caption may end in {#tbl-x}, as Quarto writes it.
local function label_in_caption(element)
  local last = element.caption.long[#element.caption.long]
  local tail = last and last.content and last.content[#last.content]
  local id = tail and tail.t == 'Str' and tail.text:match('^{#(tbl%-[%w_-]+)}$')
  if not id then return end
  last.content:remove()
  if #last.content > 0 and last.content[#last.content].t == 'Space' then last.content:remove() end
  element.identifier = id
end

local function tabular(element)
  label_in_caption(element)
  if prefix_of(element.identifier) ~= 'tbl' then return nil end
  element.caption.long = numbered(element.caption.long, 'tbl', number(element.identifier))
  return element
end

-- A div with a figure's or table's label: its last paragraph is the caption.
local function div(element)
  local prefix = prefix_of(element.identifier)
  local wrapped = element.classes:includes('table-caption')
  if not wrapped and prefix ~= 'fig' and prefix ~= 'tbl' then return nil end
  local content, last = element.content, element.content[#element.content]
  local caption = pandoc.Blocks({})
  if last and last.t == 'Para' and #content > 1 then
    content:remove()
    caption = pandoc.Blocks({ pandoc.Plain(last.content) })
  end
  if prefix then caption = numbered(caption, prefix, number(element.identifier)) end
  local class = (wrapped or prefix == 'tbl') and 'table-figure' or 'figure-group'
  return pandoc.Figure(content, { long = caption }, pandoc.Attr(element.identifier, { class })), false
end

local function equation(inlines)
  for position, inline in ipairs(inlines) do
    local label_at = position + 1
    if inlines[label_at] and inlines[label_at].t == 'Space' then label_at = label_at + 1 end
    local label = inlines[label_at]
    local id = inline.t == 'Math' and inline.mathtype == 'DisplayMath' and label and label.t == 'Str'
      and label.text:match('^{#(eq%-[%w_-]+)}')
    if id then
      inline.text = inline.text .. ' \\tag{' .. number(id) .. '}'
      local rest = label.text:gsub('^{#eq%-[%w_-]+}', '')
      for _ = position + 1, label_at do inlines:remove(position + 1) end
      inlines[position] = pandoc.Span({ inline }, pandoc.Attr(id))
      if rest ~= '' then inlines:insert(position + 1, pandoc.Str(rest)) end
    end
  end
  return inlines
end

-- Sections are counted as if their headings were numbered, from the highest level that the document uses.
local top, section = 6, {}

local function header(element)
  if element.classes:includes('unnumbered') then return end
  for level = element.level + 1, 6 do section[level] = nil end
  section[element.level] = (section[element.level] or 0) + 1
  if prefix_of(element.identifier) ~= 'sec' then return end
  local numbers = {}
  for level = top, element.level do table.insert(numbers, section[level] or 0) end
  labels[element.identifier] = { pandoc.Str(words.sec .. '\u{a0}' .. table.concat(numbers, '.')) }
end

local function reference(cite)
  local out = pandoc.Inlines({})
  for position, citation in ipairs(cite.citations) do
    local prefix = prefix_of(citation.id)
    if not prefix then return nil end
    if not labels[citation.id] then
      common.fail('reference', '@' .. citation.id, 'the reference @' .. citation.id .. ' has no target')
      return {}
    end
    if position > 1 then out:extend({ pandoc.Str(','), pandoc.Space() }) end
    local text = labels[citation.id]
    local digits = pandoc.Str((pandoc.utils.stringify(text):match('[%d.]+$')))
    if #citation.prefix > 0 then
      text = pandoc.Inlines(citation.prefix) .. { pandoc.Str('\u{a0}'), digits }
    elseif citation.mode == 'SuppressAuthor' then
      text = { digits }
    end
    out:insert(pandoc.Link(text, '#' .. citation.id, '', pandoc.Attr('', { 'quarto-xref' })))
    out:extend(citation.suffix)
  end
  return out
end

local function leftover(str)
  if str.text:match('^{#') then common.fail('text', str.text, 'this label is attached to nothing: ' .. str.text) end
end

return {
  { Header = function(element) top = math.min(top, element.level) end },
  { traverse = 'topdown', Figure = figure, Table = tabular, Div = div, Header = header, Inlines = equation },
  { Cite = reference, Str = leftover },
}
