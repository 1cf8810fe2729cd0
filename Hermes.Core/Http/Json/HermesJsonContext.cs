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
[JsonSerializable(typeof(ForkSession))]
[JsonSerializable(typeof(SessionForked))]
[JsonSerializable(typeof(SessionDeleted))]
[JsonSerializable(typeof(MessageList))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(MemoryFiles))]
[JsonSerializable(typeof(MemoryChanged))]
[JsonSerializable(typeof(MemoryRejected))]
[JsonSerializable(typeof(AddMemoryEntry))]
[JsonSerializable(typeof(ReplaceMemoryEntry))]
[JsonSerializable(typeof(RemoveMemoryEntry))]
[JsonSerializable(typeof(SkillList))]
[JsonSerializable(typeof(SkillCategoryList))]
[JsonSerializable(typeof(SkillDetail))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ChatCompletionBody))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(SessionChatBody))]
[JsonSerializable(typeof(SessionChatAnswer))]
[JsonSerializable(typeof(ConfigSections))]
internal sealed partial class HermesJsonContext : JsonSerializerContext;
