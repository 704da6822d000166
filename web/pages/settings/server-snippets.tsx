// How a server sends events: with Segment's library for Node, or with any HTTP client.
import { Tabs } from '@mantine/core'
import { CopyField } from '../../ui/copy-field.tsx'

export function ServerSnippets({ publicUrl, writeKey }: { publicUrl: string; writeKey: string }) {
  return (
    <Tabs defaultValue="node" keepMounted={false}>
      <Tabs.List mb={12}>
        <Tabs.Tab value="node">Node</Tabs.Tab>
        <Tabs.Tab value="curl">curl</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="node">
        <CopyField block label="Node example" value={nodeExample(publicUrl, writeKey)} />
      </Tabs.Panel>
      <Tabs.Panel value="curl">
        <CopyField block label="curl example" value={curlExample(publicUrl, writeKey)} />
      </Tabs.Panel>
    </Tabs>
  )
}

function nodeExample(publicUrl: string, writeKey: string): string {
  return `// npm install @segment/analytics-node
import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({
  writeKey: '${writeKey}',
  host: '${publicUrl}',
})

analytics.identify({ userId: '42', traits: { email: 'ada@example.com', firstName: 'Ada' } })
analytics.track({ userId: '42', event: 'Trial Started', properties: { plan: 'team' } })
await analytics.closeAndFlush()`
}

function curlExample(publicUrl: string, writeKey: string): string {
  return `curl ${publicUrl}/v1/track \\
  -u '${writeKey}:' \\
  -H 'content-type: application/json' \\
  -d '{"userId": "42", "event": "Trial Started", "properties": {"plan": "team"}}'`
}
