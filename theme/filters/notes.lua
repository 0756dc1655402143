-- Keeps the speaker notes of a slide out of what a pause (`. . .`) brings in later. Runs under both engines.
--
-- Pandoc wraps all that follows a pause, notes too, into a fragment; reveal.js then shows them in the speaker view only
-- once that fragment is there, which is too late. Notes that stand after a pause move in front of the first one.

local function is_pause(block)
  return block.t == 'Para' and pandoc.utils.stringify(block) == '. . .'
end

function Blocks(blocks)
  local kept, pause = pandoc.Blocks({}), nil
  for _, block in ipairs(blocks) do
    if block.t == 'Header' then pause = nil end
    if pause and block.t == 'Div' and block.classes:includes('notes') then
      kept:insert(pause, block)
      pause = pause + 1
    else
      kept:insert(block)
      if not pause and is_pause(block) then pause = #kept end
    end
  end
  return kept
end
