// Makes the files that the tests submit: pictures, a PDF, text. In the form that Playwright's setInputFiles takes.
import { open } from 'node:fs/promises';
import { crc32_of, deflate } from './png_parts.mjs';

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32_of(body), frame.length - 4);
  return frame;
}

// A PNG with a simple gradient, so that it is seen to be a picture on screenshots.
export function png(name = 'portrait.png', width = 64, height = 64) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) rows.set([(x * 255) / width, (y * 255) / height, 128], y * (1 + width * 3) + 1 + x * 3);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return {
    name, mimeType: 'image/png',
    buffer: Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflate(rows)), chunk('IEND', Buffer.alloc(0))]),
  };
}

// A PDF with one page that says hello. Its table of offsets is right, because viewers need that.
export function pdf(name = 'cv.pdf') {
  const drawing = 'BT /F1 24 Tf 72 720 Td (Hello from Dossier) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  text += offsets.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(text, 'latin1') };
}

export function text(name = 'notes.txt', content = 'Speaks Norwegian.\nPlays the cello.\n') {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(content) };
}

export function bytes(name, size) {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.alloc(size, Buffer.from([0, 1, 2, 255])) };
}

// A JPEG, made by the tests' browser.
export async function jpeg(page, name = 'portrait.jpg') {
  const data = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 48;
    const brush = canvas.getContext('2d');
    brush.fillStyle = 'teal';
    brush.fillRect(0, 0, 48, 48);
    return canvas.toDataURL('image/jpeg').split(',')[1];
  });
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(data, 'base64') };
}

// A file of this many bytes on disk; it is sparse, so it takes no room.
export async function large_file(path, size) {
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
  return path;
}
