-- Tab sets after the ARIA pattern. Without scripts all panels show, one below the other, under their names.
local common = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'common.lua' }))
local count = 0

local function panels_of(div)
  local panels, level = {}, nil
  for _, block in ipairs(div.content) do
    if block.t == 'Header' and (not level or block.level == level) then
      level = block.level
      table.insert(panels, { title = block.content, blocks = pandoc.Blocks({}) })
    elseif #panels > 0 then
      panels[#panels].blocks:insert(block)
    else
      common.fail('tabset', 'panel-tabset', 'a tab set begins with a heading')
      return {}
    end
  end
  return panels
end

local function tabset(div)
  if not div.classes:includes('panel-tabset') then return nil end
  local panels = panels_of(div)
  count = count + 1
  local tabs, bodies = {}, pandoc.Blocks({})
  for number, panel in ipairs(panels) do
    local id = 'tabset-' .. count .. '-' .. number
    local selected = number == 1
    table.insert(tabs, string.format(
      '<button type="button" role="tab" id="%s-tab" aria-controls="%s" aria-selected="%s"%s>%s</button>',
      id, id, tostring(selected), selected and '' or ' tabindex="-1"', common.html(panel.title)))
    bodies:insert(common.raw(string.format('<div role="tabpanel" id="%s" aria-labelledby="%s-tab" tabindex="0">', id, id)))
    bodies:extend(panel.blocks)
    bodies:insert(common.raw('</div>'))
  end
  bodies:insert(1, common.raw('<div role="tablist" class="tablist">' .. table.concat(tabs) .. '</div>'))
  div.content = bodies
  return div
end

return { { Div = tabset } }
