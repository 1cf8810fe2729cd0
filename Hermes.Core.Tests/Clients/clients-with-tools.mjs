// Stock clients against an agent with tools of its own, streaming: prints one line of JSON with what each got.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';
import OpenAI from 'openai';

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const body = { model: 'hermes-agent', messages: [{ role: 'user', content: 'look it up' }] };
const result = {};

result.loop = { text: '', finish: null };
for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) {
  result.loop.text += chunk.choices[0].delta.content ?? '';
  result.loop.finish ??= chunk.choices[0].finish_reason;
}

const completion = await client.chat.completions.stream(body).finalChatCompletion();
result.stream = { text: completion.choices[0].message.content, finish: completion.choices[0].finish_reason };

const tool = {
  type: 'function',
  function: { name: 'add', description: 'Adds.', parameters: { type: 'object', properties: {} }, parse: JSON.parse, function: () => 'never asked for' },
};
const runner = client.chat.completions.runTools({ ...body, stream: true, tools: [tool] });
result.runTools = { text: await runner.finalContent(), finish: (await runner.finalChatCompletion()).choices[0].finish_reason };

const provider = createOpenAICompatible({ name: 'hermes', baseURL, apiKey, includeUsage: true });
const errors = [];
const answer = streamText({ model: provider('hermes-agent'), prompt: 'look it up', maxRetries: 0, onError: ({ error }) => errors.push(String(error)) });
let text = '';
for await (const delta of answer.textStream) text += delta;
result.ai = errors.length ? { errors } : { text, finish: await answer.finishReason };
console.log(JSON.stringify(result));
