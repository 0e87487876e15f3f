// What any daemon of this kind costs at the least: HTTP, WebSocket and an open SQLite database.
import Database from 'better-sqlite3';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const database = new Database(process.argv[2]);
database.pragma('journal_mode = WAL');
database.prepare('SELECT count(*) FROM sqlite_schema').get();
const server = createServer((_, response) => response.end('ok'));
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(message)));
server.listen(0, '127.0.0.1', () => console.log('ready', server.address()));
process.on('SIGTERM', () => process.exit(0));
