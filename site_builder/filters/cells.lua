-- Code: folding, highlighted lines, file names; outputs side by side.
local common = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'common.lua' }))

local function take(attributes, key)
  local value = attributes[key]
  attributes[key] = nil
  return value
end

local function code_block(block)
  local fold = take(block.attributes, 'code-fold')
  local summary = take(block.attributes, 'code-summary') or 'Code'
  local lines = take(block.attributes, 'code-line-numbers')
  local filename = take(block.attributes, 'filename')
  if lines then block.attributes['data-code-line-numbers'] = lines end
  local blocks = pandoc.Blocks({ block })
  if filename then
    local name = common.raw('<div class="code-with-filename-file">' .. common.escape(filename) .. '</div>')
    blocks = pandoc.Blocks({ pandoc.Div({ name, block }, pandoc.Attr('', { 'code-with-filename' })) })
  end
  if fold and fold ~= 'false' then
    local open = fold == 'show' and ' open' or ''
    blocks:insert(1, common.raw('<details class="code-fold"' .. open .. '><summary>' .. common.escape(summary) .. '</summary>'))
    blocks:insert(common.raw('</details>'))
  end
  return blocks
end

local function side_by_side(div)
  local columns = take(div.attributes, 'layout-ncol')
  if not columns then return nil end
  local code, items = pandoc.Blocks({}), pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    local is_code = block.t == 'CodeBlock' or block.t == 'RawBlock'
    (div.classes:includes('cell') and is_code and code or items):insert(block)
  end
  local style = 'grid-template-columns: repeat(' .. columns .. ', minmax(0, 1fr))'
  code:insert(pandoc.Div(items, pandoc.Attr('', { 'layout-columns' }, { style = style })))
  div.content = code
  return div
end

return { { CodeBlock = code_block }, { Div = side_by_side } }
