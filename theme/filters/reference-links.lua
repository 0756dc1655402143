-- Links code such as `linear.mse_gradient`, `linear.mse_gradient(...)` or `course_lib.linear` on a page to its entry
-- in the reference. Headings, links, code blocks and decks stay as they are. Runs under both engines.

local LIST = 'reference/objects.json'

-- Returns the entries by name: the place of each from the project's root. There are none where there is no reference.
local function entries()
  local file = io.open(quarto and pandoc.path.join({ quarto.project.directory, LIST }) or LIST, 'r')
  if not file then return {} end
  local text = file:read('a')
  file:close()
  return pandoc.json.decode(text, false)
end

-- Returns the path of the source from the project's root.
local function source(meta)
  if quarto then
    return (pandoc.path.make_relative(quarto.doc.input_file, quarto.project.directory):gsub('\\', '/'))
  end
  return meta['course-source'] and pandoc.utils.stringify(meta['course-source']) or ''
end

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
  local places, page = entries(), source(document.meta)
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
