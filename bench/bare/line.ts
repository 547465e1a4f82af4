// The official SDK's middleware on a bare server: it checks the signature, stores nothing, and answers.
import type { AddressInfo } from 'node:net'
import { middleware } from '@line/bot-sdk'
import express from 'express'

const app = express()
app.post(
  '/webhooks/line',
  middleware({ channelSecret: process.env['SECRET'] ?? '' }),
  (_request, response) => {
    response.json({})
  },
)
const server = app.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
