-- Puts the text of the last full validation in its place on the page "Status". Runs under both engines.
--
-- No `include`: Quarto looks for included files before the pre-render step makes them, so a fresh clone would not render.

local project = dofile(quarto and quarto.utils.resolve_path('shared/project.lua')
  or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'shared', 'project.lua' }))

local TEXT = 'downloads/status.md' -- written by site_builder/status.py
local PLACE = 'status-text'

function Div(div)
  if div.identifier ~= PLACE then return nil end
  local file = io.open(project.path(TEXT), 'r')
  if not file then
    project.refuse('text', PLACE, TEXT .. ' is not there; render the whole site, which makes it')
    return nil
  end
  local text = file:read('a')
  file:close()
  return pandoc.read(text, 'markdown').blocks
end
