-- Keeps pages from asking other hosts: Quarto adds scripts of a content network wherever a cell prints an HTML table.
-- The tables need none of them. Under the Pandoc engine there is nothing to take out.

local function asks_another_host(blocks)
  local found = false
  pandoc.Blocks(blocks):walk({
    RawBlock = function(raw)
      if raw.text:match('requirejs') or raw.text:match('<script[^>]+src="https?:') then found = true end
    end,
  })
  return found
end

function Meta(meta)
  local includes = meta['header-includes']
  if not includes then return nil end
  meta['header-includes'] = pandoc.List(includes):filter(function(blocks)
    return pandoc.utils.type(blocks) ~= 'Blocks' or not asks_another_host(blocks)
  end)
  return meta
end
