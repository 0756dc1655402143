-- Self-check questions, marks of done exercises, and the page that lists them all. Runs under both engines.
--
-- A question is a div of class `question` with an id and a title: `::: {.question #q-rate data-title="..."}` in a .qmd,
-- `<div class="question" id="q-rate" data-title="...">` in a notebook, where it reads well without this filter. Inside:
-- what is asked (after **Check yourself.**, where the notebook needs that); for a choice a numbered list; `<details><summary>Answer</summary>` with a numbered list that says of each
-- choice `Right.` or `Wrong.` and why. A question without a list asks for a number: its answer begins with **13** or
-- **0.25 ± 0.01**, and a bulleted list may follow with wrong numbers, **9**, and what is wrong with them.

local raw = function(html) return pandoc.RawBlock('html', html) end
local text = pandoc.utils.stringify
local project = dofile(quarto and quarto.utils.resolve_path('shared/project.lua')
  or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'shared', 'project.lua' }))

local source, seen = '', {}

-- ------------------------------------------------------------------------------------------- reading a question

-- Returns the number that a text is, or nil. A comma between thousands and a real minus sign are understood.
local function number(written)
  local plain = written:gsub('−', '-'):gsub(',(%d%d%d)', '%1'):gsub('^%s+', ''):gsub('[%s.:]+$', '')
  if not plain:match('^[-+]?%.?%d[%d.eE+-]*$') then return nil end
  return tonumber(plain)
end

-- Splits the blocks at the fold: what is asked, and what is inside. The fold is nil where there is none.
local function at_the_fold(blocks)
  local asked, folded, inside = pandoc.Blocks({}), nil, false
  for _, block in ipairs(blocks) do
    local html = block.t == 'RawBlock' and block.text or ''
    if html:match('^%s*<details') then
      folded = pandoc.Blocks({})
    elseif not folded then
      asked:insert(block)
    elseif html:match('^%s*</summary') then
      inside = true
    elseif html:match('^%s*</details') then
      inside = false
    elseif inside then
      folded:insert(block)
    end
  end
  return asked, folded
end

-- Takes the word `Right.` or `Wrong.` off the front of an answer; returns it (or nil) and whether anything follows.
local function verdict(blocks)
  local first = blocks[1] and blocks[1].content and blocks[1].content[1]
  local word = first and first.t == 'Str' and first.text:match('^(%a+)[.:]$')
  if word ~= 'Right' and word ~= 'Wrong' then return nil end
  return word, #text(pandoc.Blocks(blocks)) > #word + 2
end

local function read_choices(question, list, folded, problem)
  local answers = folded:filter(function(block) return block.t == 'OrderedList' end)[1]
  answers = answers and answers.content or {}
  if #list.content < 2 then problem('has fewer than two choices') end
  if #answers ~= #list.content then
    problem('has ' .. #list.content .. ' choices, and its answer says something of ' .. #answers)
  end
  local known, right = {}, 0
  for place, blocks in ipairs(list.content) do
    if #blocks ~= 1 then problem('choice ' .. place .. ' is more than one paragraph') end
    local words = text(blocks[1])
    if known[words] then problem('choices ' .. known[words] .. ' and ' .. place .. ' are equal: ' .. words) end
    known[words] = place
    local word, explained
    if answers[place] then
      word, explained = verdict(answers[place])
      if not word then problem('answer ' .. place .. ' begins with neither "Right." nor "Wrong."') end
      if word and not explained then problem('answer ' .. place .. ' says "' .. word .. '." and not why') end
    end
    if word == 'Right' then right = right + 1 end
    table.insert(question.choices, { content = blocks[1].content, right = word == 'Right', why = answers[place] })
  end
  if right == 0 then problem('has no right answer') end
  question.kind = right > 1 and 'several' or 'single'
end

-- Reads the bold number at the front of a block; returns the value and the tolerance, nil if there is none, false if it is wrong.
local function leading_number(block, problem)
  local strong = block and block.content and block.content[1]
  if not strong or strong.t ~= 'Strong' then return nil end
  local written = text(strong)
  local value, tolerance = written:match('^(.-)±(.*)$')
  local found, around = number(value or written), 0
  if tolerance then around = number(tolerance) end
  if not found or not around or around < 0 then
    problem('the answer "' .. written .. '" is no number; write for example **13** or **0.25 ± 0.01**')
    return false
  end
  return found, around
end

local function read_number(question, folded, problem)
  question.kind = 'number'
  local value, tolerance = leading_number(folded[1], problem)
  if value == nil then
    problem('asks for a number, so its answer begins with one in bold, or it lacks a numbered list of choices')
  end
  if not value then return end
  question.value, question.tolerance = value, tolerance
  local strong = folded[1].content[1]
  if not text(strong):match('[.]$') then strong.content:insert('.') end
  question.why = folded:filter(function(block) return block.t ~= 'BulletList' end)
  if #text(question.why) < #text(folded[1].content[1]) + 3 then problem('gives its number and not why') end
  local wrong = folded:filter(function(block) return block.t == 'BulletList' end)[1]
  for _, blocks in ipairs(wrong and wrong.content or {}) do
    local near, around = leading_number(blocks[1], problem)
    if near == nil then
      problem('has a wrong number that does not begin its item, in bold: ' .. text(pandoc.Blocks(blocks)))
    elseif near and math.abs(near - value) <= tolerance then
      problem('calls ' .. near .. ' wrong, which is its right answer')
    elseif near then
      table.insert(question.wrong, { value = near, tolerance = around, why = blocks })
    end
  end
end

-- Reads a div; reports what is wrong with it. Returns nil if it cannot be shown.
local function read(div)
  local id, title = div.identifier, div.attributes['data-title']
  local mark = source:match('%.ipynb$') and 'class="question"' or '.question'
  local failed = false
  local function problem(message)
    failed = true
    local told = quarto and source .. ': ' or '' -- our engine names the place itself
    project.refuse('question', id ~= '' and id or title or mark, told .. 'the question ' .. (id ~= '' and id or title or '') .. ' ' .. message)
  end
  if not id:match('^[%a][%w-]*$') then problem('needs an id of letters, digits and dashes') end
  if not title or title == '' then problem('needs a data-title') end
  if seen[id] then problem('stands twice in this source; an id names one question') end
  seen[id] = true
  local asked, folded = at_the_fold(div.content)
  if not folded or #folded == 0 then problem('has no <details><summary>Answer</summary> with its answer') end
  if not asked[1] or asked[1].t ~= 'Para' then problem('begins with a paragraph that asks') end
  if failed then return nil end
  local question = { id = id, title = title, choices = {}, wrong = {}, asked = asked }
  local last = asked[#asked]
  if last.t == 'BulletList' then
    problem('has its choices in a bulleted list; number them')
  elseif last.t == 'OrderedList' then
    asked:remove(#asked)
    read_choices(question, last, folded, problem)
  else
    read_number(question, folded, problem)
  end
  return not failed and question or nil
end

-- ------------------------------------------------------------------------------------------- showing a question

local function item(id)
  return ' data-item="' .. project.escape(source .. '#' .. id) .. '"'
end

local function up()
  return string.rep('../', select(2, source:gsub('/', '')))
end

local function script(name)
  return raw('<script type="module" src="' .. up() .. 'theme/js/' .. name .. '"></script>')
end

local function choices(question)
  local blocks, kind = pandoc.Blocks({ raw('<div class="question-choices">') }), question.kind
  for place, choice in ipairs(question.choices) do
    local input = '<input type="' .. (kind == 'single' and 'radio' or 'checkbox') .. '" name="' .. question.id
      .. '" value="' .. place .. '">'
    blocks:insert(raw('<label class="question-choice' .. (choice.right and ' question-right' or '') .. '">' .. input
      .. '<span class="question-number">' .. place .. '</span><span>'))
    blocks:insert(pandoc.Plain(choice.content))
    blocks:insert(raw('</span></label>'))
  end
  blocks:insert(raw('</div>'))
  return blocks
end

local function field(question)
  local label = question.id .. '-number'
  return pandoc.Blocks({ raw('<p class="question-field"><label for="' .. label .. '">Your number</label> <input id="' .. label
    .. '" type="text" inputmode="decimal" autocomplete="off" size="10"></p>') })
end

local function explained(question)
  local blocks = pandoc.Blocks({})
  if question.kind == 'number' then
    blocks:insert(raw('<div class="question-why">'))
    blocks:extend(question.why)
    blocks:insert(raw('</div>'))
    if #question.wrong == 0 then return blocks end
    blocks:insert(raw('<ul>'))
    for _, wrong in ipairs(question.wrong) do
      blocks:insert(raw('<li data-number="' .. wrong.value .. '" data-tolerance="' .. wrong.tolerance .. '">'))
      blocks:extend(wrong.why)
      blocks:insert(raw('</li>'))
    end
    blocks:insert(raw('</ul>'))
    return blocks
  end
  blocks:insert(raw('<ol>'))
  for _, choice in ipairs(question.choices) do
    blocks:insert(raw('<li' .. (choice.right and ' class="question-right"' or '') .. '>'))
    blocks:extend(choice.why)
    blocks:insert(raw('</li>'))
  end
  blocks:insert(raw('</ol>'))
  return blocks
end

-- On a slide the next key shows the answer: what is said of the right choices, or of the number.
local function shown_by_key(question)
  local blocks = pandoc.Blocks({ raw('<div class="question-shown fragment">') })
  if question.kind == 'number' then blocks:extend(question.why) end
  for place, choice in ipairs(question.choices) do
    if choice.right then
      blocks:insert(raw('<div class="question-shown-choice"><span class="question-number">' .. place .. '</span><div>'))
      blocks:extend(choice.why)
      blocks:insert(raw('</div></div>'))
    end
  end
  blocks:insert(raw('</div>'))
  return blocks
end

-- The words that begin a question in a notebook stand in its label here.
local function without_lead(inlines)
  if inlines[1].t == 'Strong' and text(inlines[1]):match('^Check yourself') then
    inlines:remove(1)
    if inlines[1] and (inlines[1].t == 'Space' or inlines[1].t == 'SoftBreak') then inlines:remove(1) end
  end
  return inlines
end

local function shown(question, slides)
  local numeric = question.kind == 'number' and ' data-number="' .. question.value .. '" data-tolerance="'
    .. question.tolerance .. '"' or ''
  local blocks = pandoc.Blocks({
    raw('<div class="question" id="' .. question.id .. '" data-kind="' .. question.kind .. '"' .. numeric .. item(question.id)
      .. '><fieldset><legend><span class="question-label">Check yourself: ' .. project.escape(question.title)
      .. '<span class="question-remembered"></span></span><span class="question-stem">'),
    pandoc.Plain(without_lead(question.asked[1].content)),
    raw('</span>' .. (question.kind == 'several' and '<span class="question-how">More than one answer is right.</span>' or '')
      .. '</legend>'),
  })
  question.asked:remove(1)
  blocks:extend(question.asked)
  blocks:extend(question.kind == 'number' and field(question) or choices(question))
  blocks:insert(raw('</fieldset><div class="question-bar"><button type="button" class="question-check">Check</button></div>'
    .. '<div class="question-results"><div class="question-result" role="status" data-pagefind-ignore></div>'))
  if slides then blocks:extend(shown_by_key(question)) end
  blocks:insert(raw('</div><details class="question-answer"><summary>Answer</summary><div data-pagefind-ignore>'))
  blocks:extend(explained(question))
  blocks:insert(raw('</div></details>'))
  return blocks
end

-- ------------------------------------------------------------------------------------------- exercises

local function is_exercise(header)
  return text(header):match('^Exercise %d+') ~= nil
end

local function mark_as_done(header)
  return raw('<p class="exercise-mark"><label><input type="checkbox"' .. item(header.identifier)
    .. '> Mark as done<span class="visually-hidden">: ' .. project.escape(text(header)) .. '</span></label></p>')
end

-- ------------------------------------------------------------------------------------------- the overview

local function contents(path)
  local file = io.open(project.path(path), 'r')
  local all = file and file:read('a') or ''
  if file then file:close() end
  return all
end

-- Returns the Markdown of a source without its code cells; of a notebook, its cells of text one after the other.
local function markdown(path)
  if not path:match('%.ipynb$') then
    return (('\n' .. contents(path)):gsub('\n```{[^\n]*\n.-\n```[^\n]*', '\n'))
  end
  local cells = {}
  for _, cell in ipairs(pandoc.json.decode(contents(path), false).cells) do
    if cell.cell_type ~= 'code' then
      table.insert(cells, type(cell.source) == 'table' and table.concat(cell.source) or cell.source)
    end
  end
  return table.concat(cells, '\n\n')
end

-- Returns the title of a source and its questions and exercises in order: id, name, kind.
local function tasks(path)
  local found, document = {}, pandoc.read(markdown(path), 'markdown')
  local page = path:match('%.ipynb$')
  document.blocks:walk({
    traverse = 'topdown',
    Header = function(header)
      if page and is_exercise(header) then
        table.insert(found, { id = header.identifier, name = header.content, kind = 'Exercise' })
      end
    end,
    Div = function(div)
      if not div.classes:includes('question') then return nil end
      local name = pandoc.Inlines({ 'Question: ' .. (div.attributes['data-title'] or div.identifier) })
      table.insert(found, { id = div.identifier, name = name, kind = 'Question' })
      return div, false
    end,
  })
  return text(document.meta.title or path), found
end

local function sources(folders)
  local paths = pandoc.List({})
  for folder in folders:gmatch('%S+') do
    local names = pandoc.List(pandoc.system.list_directory(project.path(folder)))
    names:sort()
    for _, name in ipairs(names) do
      if (name:match('%.qmd$') or name:match('%.ipynb$')) and not name:match('^[_.]') then
        paths:insert(folder .. '/' .. name)
      end
    end
  end
  return paths
end

local function one_lesson(path, title, found)
  local name = (path:match('%.ipynb$') and 'Lesson: ' or 'Slides: ') .. title
  local id = 'progress-' .. path:gsub('%.%a+$', ''):gsub('[^%w]+', '-')
  local rows = {}
  for _, task in ipairs(found) do
    local key = project.escape(path .. '#' .. task.id)
    local link = pandoc.Link(task.name, up() .. path .. '#' .. task.id)
    table.insert(rows, { pandoc.Plain({ pandoc.RawInline('html', '<span class="progress-mark" data-item="' .. key
      .. '">not yet</span> '), link }) })
  end
  local bar = '<div class="progress-line"><progress max="' .. #found .. '" value="0" aria-label="' .. project.escape(name)
    .. '"></progress><p class="progress-text">0 of ' .. #found .. ' done</p></div>'
  return pandoc.Div({ pandoc.Header(2, name, pandoc.Attr(id)), raw(bar), pandoc.BulletList(rows) }, pandoc.Attr('', { 'progress-lesson' }))
end

local BUTTONS = [[
<div class="progress-actions">
<button type="button" class="progress-export">Save as text</button>
<button type="button" class="progress-clear">Clear everything</button>
<p class="progress-status" role="status"></p>
</div>
<dialog class="progress-dialog" aria-labelledby="progress-question">
<p id="progress-question"><strong>Clear every mark of this course?</strong> This browser then remembers nothing of what you have done. It cannot be undone.</p>
<div class="progress-choices"><button type="button" class="progress-keep">Keep them</button>
<button type="button" class="progress-confirm">Clear everything</button></div>
</dialog>]]

local function overview(div)
  local blocks = pandoc.Blocks({})
  for _, path in ipairs(sources(div.attributes['data-folders'] or '')) do
    local title, found = tasks(path)
    if #found > 0 then blocks:insert(one_lesson(path, title, found)) end
  end
  blocks:insert(1, raw('<div class="progress-total progress-line"><progress max="1" value="0" aria-label="The whole course"></progress>'
    .. '<p class="progress-text"></p></div>'))
  blocks:insert(raw(BUTTONS))
  blocks:insert(script('progress.js'))
  return pandoc.Div(blocks, pandoc.Attr('', { 'progress-overview' }))
end

-- ------------------------------------------------------------------------------------------- the filter

function Pandoc(document)
  source, seen = project.source(document.meta), {}
  local slides, used = FORMAT:match('revealjs') ~= nil, false
  document.blocks = document.blocks:walk({
    traverse = 'topdown',
    Header = function(header)
      if slides or not source:match('%.ipynb$') or not is_exercise(header) then return nil end
      used = true
      return { header, mark_as_done(header) }, false
    end,
    Div = function(div)
      if div.classes:includes('progress-overview') then return overview(div), false end
      if not div.classes:includes('question') then return nil end
      local question = read(div)
      if not question then return {}, false end
      local blocks = shown(question, slides)
      if slides and not used then blocks:insert(script('questions.js')) end -- a block of its own would be a slide
      used = true
      blocks:insert(raw('</div>'))
      return blocks, false
    end,
  })
  if used and not slides then document.blocks:insert(script('questions.js')) end
  return document
end
