// The stock OpenAI client against the API: prints one line of JSON with what it got.
import OpenAI from 'openai';

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const result = {};
const failure = async promise => {
  try {
    await promise;
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, message: error.message };
  }
};
const say = (text, more = {}) => ({ model: 'hermes-agent', messages: [{ role: 'user', content: text }], ...more });

result.models = (await client.models.list()).data.map(model => model.id);

const { data: plain, response } = await client.chat.completions.create(say('plain')).withResponse();
const session = response.headers.get('x-hermes-session-id');
result.plain = { content: plain.choices[0].message.content, finish: plain.choices[0].finish_reason, usage: plain.usage.total_tokens };

const again = await client.chat.completions.create(say('again'), { headers: { 'X-Hermes-Session-Id': session } }).withResponse();
result.again = { content: again.data.choices[0].message.content, sameSession: again.response.headers.get('x-hermes-session-id') === session };

result.stream = { text: '', chunks: 0, finish: null };
for await (const chunk of await client.chat.completions.create(say('stream', { stream: true }))) {
  result.stream.chunks++;
  result.stream.text += chunk.choices[0].delta.content ?? '';
  result.stream.finish ??= chunk.choices[0].finish_reason;
}

const endless = await client.chat.completions.create(say('endless', { stream: true })).withResponse();
result.abort = { session: endless.response.headers.get('x-hermes-session-id'), text: '' };
for await (const chunk of endless.data) {
  result.abort.text += chunk.choices[0].delta.content ?? '';
  if (result.abort.text) break;
}

result.broken = await failure((async () => {
  for await (const _ of await client.chat.completions.create(say('broken', { stream: true })));
})());
result.badKey = await failure(new OpenAI({ baseURL, apiKey: 'wrong', maxRetries: 0 }).chat.completions.create(say('x')));
result.badBody = await failure(client.chat.completions.create({ model: 'm', messages: [] }));
console.log(JSON.stringify(result));
