using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>What the OpenAPI document needs to know of the wire's shapes, without reflection.</summary>
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(TextError))]
[JsonSerializable(typeof(OpenAIError))]
[JsonSerializable(typeof(SessionEnvelope))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(CreateSession))]
[JsonSerializable(typeof(PatchSession))]
[JsonSerializable(typeof(SessionDeleted))]
[JsonSerializable(typeof(MessageList))]
[JsonSerializable(typeof(MemoryFiles))]
[JsonSerializable(typeof(SkillList))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ChatCompletionBody))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ConfigSections))]
internal sealed partial class HermesJsonContext : JsonSerializerContext;
