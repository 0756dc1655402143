-- Folds the cells of class `worked-solution`, code and output, under "Worked solution".
-- Runs under both engines: the Pandoc engine and Quarto.

local function fold(div)
  if not (div.classes:includes('cell') and div.classes:includes('worked-solution')) then return nil end
  local blocks = pandoc.Blocks({
    pandoc.RawBlock('html', '<details class="solution"><summary>Worked solution</summary>'),
  })
  blocks:insert(div)
  blocks:insert(pandoc.RawBlock('html', '</details>'))
  return blocks
end

return { { Div = fold } }
