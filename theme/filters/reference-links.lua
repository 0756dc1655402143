-- Links code such as `linear.mse_gradient`, `linear.mse_gradient(...)` or `course_lib.linear` on a page to its entry
-- in the reference. Headings, links, code blocks and decks stay as they are. Runs under both engines.

local project = dofile(quarto and quarto.utils.resolve_path('shared/project.lua')
  or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'shared', 'project.lua' }))

local LIST = 'reference/objects.json' -- the place of each entry from the project's root, by its name

-- Returns the name that a piece of code is about, or nil: a bare word may be anything, `module.name` is not.
local function named(text)
  local name = text:match('^([%a_][%w_.]*)$') or text:match('^([%a_][%w_.]*)%(.*%)$')
  if not name then return nil end
  local inside, found = name:gsub('^course_lib%.', '')
  return (found == 1 or inside:find('.', 1, true)) and inside or nil
end

local function kept(element)
  return element, false
end

function Pandoc(document)
  if FORMAT:match('revealjs') then return nil end
  local places, page = project.read(LIST), project.source(document.meta)
  local up = string.rep('../', select(2, page:gsub('/', '')))
  document.blocks = document.blocks:walk({
    traverse = 'topdown',
    Header = kept,
    Link = kept,
    Code = function(element)
      local name = named(element.text)
      local place = name and places[name]
      if not place then return nil end
      return pandoc.Link({ element }, up .. place, '', { class = 'reference-link' }), false
    end,
  })
  return document
end
