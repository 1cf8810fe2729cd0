using static Hermes.Core.Http.Wire.AgentWire;
using static Hermes.Core.Http.Wire.ChatWire;
using static Hermes.Core.Http.Wire.ConfigWire;
using static Hermes.Core.Http.Wire.Errors;
using static Hermes.Core.Http.Wire.MemoryWire;
using static Hermes.Core.Http.Wire.SessionWire;
using static Hermes.Core.Http.Wire.SkillWire;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of the wire, without reflection: for answers and events through <see cref="WireJson"/>, and for the OpenAPI document.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Health)), JsonSerializable(typeof(DetailedHealth)), JsonSerializable(typeof(Capabilities))]
[JsonSerializable(typeof(RunsIdempotency)), JsonSerializable(typeof(AgentSkillList)), JsonSerializable(typeof(ToolsetList))]
[JsonSerializable(typeof(TextError)), JsonSerializable(typeof(OutcomeError)), JsonSerializable(typeof(OpenAIError))]
[JsonSerializable(typeof(SessionEnvelope)), JsonSerializable(typeof(SessionList)), JsonSerializable(typeof(MessageList))]
[JsonSerializable(typeof(CreateSession)), JsonSerializable(typeof(PatchSession)), JsonSerializable(typeof(SessionDeleted))]
[JsonSerializable(typeof(ForkSession)), JsonSerializable(typeof(SessionForked)), JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(UsageAnswer)), JsonSerializable(typeof(MemoryFiles)), JsonSerializable(typeof(MemoryChanged))]
[JsonSerializable(typeof(MemoryRejected)), JsonSerializable(typeof(AddMemoryEntry)), JsonSerializable(typeof(ReplaceMemoryEntry))]
[JsonSerializable(typeof(RemoveMemoryEntry)), JsonSerializable(typeof(SkillList)), JsonSerializable(typeof(SkillCategoryList))]
[JsonSerializable(typeof(SkillDetail)), JsonSerializable(typeof(ConfigAnswer)), JsonSerializable(typeof(PatchConfig))]
[JsonSerializable(typeof(ConfigChanged)), JsonSerializable(typeof(ModelList)), JsonSerializable(typeof(ModelOptions))]
[JsonSerializable(typeof(AvailableModelList)), JsonSerializable(typeof(SessionRuntime)), JsonSerializable(typeof(LockSessionModel))]
[JsonSerializable(typeof(SessionModelLock)), JsonSerializable(typeof(ChatCompletionBody)), JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk)), JsonSerializable(typeof(ToolProgressEvent)), JsonSerializable(typeof(SessionChatBody))]
[JsonSerializable(typeof(SessionChatAnswer)), JsonSerializable(typeof(RunStopped)), JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(SessionCreatedEvent)), JsonSerializable(typeof(RunStartedEvent)), JsonSerializable(typeof(MessageStartedEvent))]
[JsonSerializable(typeof(AssistantDeltaEvent)), JsonSerializable(typeof(AssistantCompletedEvent))]
[JsonSerializable(typeof(ToolStartedEvent)), JsonSerializable(typeof(ToolCompletedEvent)), JsonSerializable(typeof(ToolFailedEvent))]
[JsonSerializable(typeof(RunCompletedEvent)), JsonSerializable(typeof(RunFailedEvent)), JsonSerializable(typeof(RunDoneEvent))]
internal sealed partial class HermesJsonContext : JsonSerializerContext;
