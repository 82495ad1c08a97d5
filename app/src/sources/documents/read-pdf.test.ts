// SPDX-License-Identifier: Apache-2.0
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { drawText } from '../../../../tools/files/draw-text.ts'
import { gb18030Of, pdfOf } from '../../../../tools/files/write-files.ts'
import { readBytes } from './read-bytes.fixture.ts'

const stream = (content: Buffer | string, entries = ''): Buffer => Buffer.concat([Buffer.from(`<<${entries}/Length ${Buffer.from(content).length}>>stream\n`), Buffer.from(content), Buffer.from('\nendstream')])
const page = (resources: string, more = ''): string => `<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Resources<<${resources}>>${more}>>`
const pages = '<</Type/Pages/Count 1/Kids[3 0 R]>>'
const helvetica = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'
const written = 'BT /F 12 Tf 10 380 Td (More than ten letters) Tj ET'

/** A page with text and one picture. */
function illustrated(paint: string, dictionary: string, pixels: Buffer): Buffer {
  return pdfOf(['<</Type/Catalog/Pages 2 0 R>>', pages, page('/Font<</F 5 0 R>>/XObject<</I 6 0 R>>'), stream(`${written} q 300 0 0 200 20 20 cm ${paint} Q`), helvetica, stream(pixels, `/Type/XObject/Subtype/Image${dictionary}`)])
}

describe('Chinese text', () => {
  it('is read in a font that the file only names, in a predefined encoding, and what runs over the border of the page too', async () => {
    const text = '客户张三 电话13800001111'
    const descendant = '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>'
    const descriptor = '<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80>>'
    const of = (left: number): Buffer => pdfOf(['<</Type/Catalog/Pages 2 0 R>>', pages, page('/Font<</F 5 0 R>>'), stream(`BT /F 12 Tf ${left} 100 Td <${gb18030Of(text).toString('hex')}> Tj ET`), '<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>>', descendant, descriptor])
    expect((await readBytes('a.pdf', of(10))).tables).toEqual({ 'a.pdf': [[text]] })
    expect((await readBytes('b.pdf', of(300))).tables['b.pdf#beside']).toEqual([[text]])
  })

  it('that cannot be decoded makes its page stand in the list', async () => {
    const font = (encoding: string): Buffer => pdfOf(['<</Type/Catalog/Pages 2 0 R>>', pages, page('/Font<</F 5 0 R>>'), stream('BT /F 12 Tf 10 100 Td <d5c5c8fdd5c5c8fd> Tj ET'), `<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/${encoding}/DescendantFonts[6 0 R]>>`, '<</Type/Font/Subtype/CIDFontType0/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>'])
    expect((await readBytes('a.pdf', font('No-Such-Map'))).notRead).toContain('a.pdf!p1 PAGE_FONT')
  })
})

describe('pictures on a page with text', () => {
  const drawn = drawText('公民身份号码 110199199001011216', 3, 'width: 130mm, height: 30mm, margin: 8mm')
  const size = `/Width ${drawn.width}/Height ${drawn.height}`
  // Of a mask, what is 0 is painted.
  const bits = Buffer.alloc(((drawn.width + 7) >> 3) * drawn.height, 0)
  drawn.pixels.forEach((grey, i) => {
    const at = Math.floor(i / drawn.width) * ((drawn.width + 7) >> 3) + ((i % drawn.width) >> 3)
    if (grey > 128) bits[at] = (bits[at] ?? 0) | (0x80 >> (i % drawn.width & 7))
  })

  it('are recognised, masks too, and one that stands twice is read once', async () => {
    const grey = illustrated('/I Do', `${size}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode`, deflateSync(drawn.pixels))
    const mask = illustrated('/I Do q 1 0 0 1 5 5 cm /I Do Q', `${size}/ImageMask true/BitsPerComponent 1/Filter/FlateDecode`, deflateSync(bits))
    for (const bytes of [grey, mask]) {
      const { tables, notRead } = await readBytes('a.pdf', bytes)
      expect(tables['a.pdf']).toEqual([['More than ten letters']])
      expect(tables['a.pdf#scanned']?.flat()).toEqual([expect.stringMatching(/110199199001011216/)])
      expect(notRead).toEqual([])
    }
  }, 240_000)

  it('are listed when nothing is recognised, when they are packed in a way that is not read, and when they are thin or too large', async () => {
    const blank = (width: number, height: number): [string, Buffer] => [`/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode`, deflateSync(Buffer.alloc(width * height, 255))]
    expect((await readBytes('a.pdf', illustrated('/I Do', ...blank(60, 60)))).notRead).toEqual(['a.pdf!p1/picture1 PICTURE_WITHOUT_TEXT'])
    expect((await readBytes('b.pdf', illustrated('/I Do', ...blank(200, 2)))).notRead).toEqual(['b.pdf!p1 THIN_PICTURE'])
    expect((await readBytes('c.pdf', illustrated('/I Do', ...blank(2, 2)))).notRead).toEqual([])
    expect((await readBytes('d.pdf', illustrated('/I Do', '/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/JBIG2Decode', Buffer.alloc(40)))).notRead).toEqual(['d.pdf!p1/picture1 PICTURE_UNDECODED'])
    expect((await readBytes('e.pdf', illustrated('/I Do', '/Width 90000/Height 90000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode', deflateSync(Buffer.alloc(9))))).notRead).toEqual(['e.pdf IMAGE_REFUSED'])
  }, 240_000)
})

describe('what stands beside the text of a PDF', () => {
  const file = stream('姓名,手机号\n张三,13800001111\n', '/Type/EmbeddedFile')
  const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description xmlns:dc="d" pdf:Keywords="Zhou Qi" xmp:CreatorTool="Typst"><dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language><dc:creator><rdf:Seq><rdf:li>Sun Ba</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>'
  const stamp = stream('BT /F 12 Tf 1 1 Td (Stamp of Zhao) Tj ET', '/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F 5 0 R>>>>')

  it('is read: attachments of the document and of its pages, choices, outline, XMP, stamps, custom properties, scripts', async () => {
    const objects = [
      '<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.csv)8 0 R]>>>>/Outlines 10 0 R/AcroForm<</Fields[9 0 R]>>/Metadata 13 0 R/OpenAction<</S/JavaScript/JS(call Wu)>>>>', pages,
      page('/Font<</F 5 0 R>>', '/Annots[6 0 R 9 0 R 12 0 R]'), stream(written), helvetica,
      '<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 7 0 R/Contents(note text)>>', '<</Type/Filespec/F(b.csv)/EF<</F 11 0 R>>>>', '<</Type/Filespec/F(a.csv)/EF<</F 11 0 R>>>>',
      '<</Type/Annot/Subtype/Widget/FT/Ch/Ff 2097152/T(people)/Rect[0 0 9 9]/Opt[(Alpha)(Beta)(Gamma)]/V[(Alpha)(Gamma)]>>', '<</Type/Outlines/First 14 0 R/Last 14 0 R/Count 1>>', file,
      '<</Type/Annot/Subtype/Stamp/Rect[0 0 100 100]/AP<</N 15 0 R>>>>', stream(xmp, '/Type/Metadata/Subtype/XML'), '<</Title(Chapter of Wang)/Parent 10 0 R>>', stamp,
    ]
    const { tables, sources, notRead } = await readBytes('a.pdf', pdfOf(objects))
    expect(tables['a.pdf#beside']?.flat().toSorted()).toEqual(['Alpha', 'Beta', 'Chapter of Wang', 'Gamma', 'Stamp of Zhao', 'XMP: Sun Ba', 'XMP: Zhou Qi', 'call Wu', 'note text'].toSorted())
    expect(sources.toSorted()).toEqual(['a.pdf pdf', 'a.pdf!a.csv csv', 'a.pdf!b.csv csv'])
    expect(notRead).toEqual([])
  })

  it('is listed where it is not read: an attachment without content, a form in XFA', async () => {
    const broken = pdfOf(['<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.csv)6 0 R]>>>>/AcroForm<</XFA 7 0 R/Fields[]>>>>', pages, page('/Font<</F 5 0 R>>'), stream(written), helvetica, '<</Type/Filespec/F(a.csv)/EF<</F 99 0 R>>>>', stream('<xdp:xdp xmlns:xdp="x"></xdp:xdp>')])
    expect((await readBytes('a.pdf', broken)).notRead.toSorted()).toEqual(['a.pdf XFA_FORM', 'a.pdf!a.csv EMBEDDED'])
  })
})

describe('large pictures', () => {
  it('lie outside memory, and one that stands on several pages is recognised on each', async () => {
    const drawn = drawText('公民身份号码 110199199001011216', 2, 'width: 130mm, height: 30mm, margin: 8mm')
    const large = Array.from({ length: 2 }, (_, i) => stream(deflateSync(Buffer.alloc(300 * 300 * 3, 40 + i)), '/Type/XObject/Subtype/Image/Width 300/Height 300/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode'))
    const card = stream(deflateSync(drawn.pixels), `/Type/XObject/Subtype/Image/Width ${drawn.width}/Height ${drawn.height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode`)
    const names = large.map((_, i) => `/L${i} ${8 + i} 0 R`).join('')
    const resources = `/Font<</F 6 0 R>>/XObject<</I 7 0 R${names}>>`
    const content = `${written} q 300 0 0 60 20 20 cm /I Do Q ${large.map((_, i) => `q 9 0 0 9 ${i * 20} 300 cm /L${i} Do Q`).join(' ')}`
    const bytes = pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 10 0 R]>>', ...['', ''].map(() => `<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 5 0 R/Resources<<${resources}>>>>`), stream(content), helvetica, card, ...large, `<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 5 0 R/Resources<<${resources}>>>>`])
    const { tables, notRead } = await readBytes('a.pdf', bytes)
    expect(tables['a.pdf#scanned']?.flat()).toEqual(Array.from({ length: 3 }, (): unknown => expect.stringMatching(/110199199001011216/)))
    expect(notRead).toHaveLength(6)
  }, 600_000)
})
