-- Images: Quarto's fig-alt as alternative text, alignment, and loading only when near.
local common = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'common.lua' }))

local function image(element)
  local alternative = element.attributes['fig-alt']
  local align = element.attributes['fig-align']
  element.attributes['fig-alt'] = nil
  element.attributes['fig-align'] = nil
  if alternative then element.attributes.alt = alternative end
  if align then element.classes:insert('align-' .. align) end
  if not alternative and #element.caption == 0 then
    common.fail('image', element.src, 'the image ' .. element.src .. ' has no alternative text')
  end
  element.attributes.loading = 'lazy'
  element.attributes.decoding = 'async'
  return element
end

return { { Image = image } }
