using System.Text.Json;
using System.Text.Json.Serialization;
using Hermes.Core.Text;

namespace Hermes.Core.Http.Json;

/// <summary>The wire's shapes, without reflection: for answers (<see cref="Wire"/>) and for the OpenAPI document.</summary>
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(DetailedHealth))]
[JsonSerializable(typeof(AgentSkillList))]
[JsonSerializable(typeof(ToolsetList))]
[JsonSerializable(typeof(ModelOptions))]
[JsonSerializable(typeof(TextError))]
[JsonSerializable(typeof(OutcomeError))]
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
[JsonSerializable(typeof(ModelObject))]
[JsonSerializable(typeof(ChatCompletionBody))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(SessionChatBody))]
[JsonSerializable(typeof(SessionChatAnswer))]
[JsonSerializable(typeof(ConfigSections))]
[JsonSerializable(typeof(ConfigAnswer))]
[JsonSerializable(typeof(PatchConfig))]
[JsonSerializable(typeof(ConfigChanged))]
[JsonSerializable(typeof(AvailableModelList))]
[JsonSerializable(typeof(Capabilities))]
[JsonSerializable(typeof(ChangeEvent))]
[JsonSerializable(typeof(SessionCreatedEvent))]
[JsonSerializable(typeof(RunStartedEvent))]
[JsonSerializable(typeof(MessageStartedEvent))]
[JsonSerializable(typeof(AssistantDeltaEvent))]
[JsonSerializable(typeof(ToolStartedEvent))]
[JsonSerializable(typeof(ToolCompletedEvent))]
[JsonSerializable(typeof(ToolFailedEvent))]
[JsonSerializable(typeof(RunStopped))]
[JsonSerializable(typeof(AssistantCompletedEvent))]
[JsonSerializable(typeof(RunCompletedEvent))]
[JsonSerializable(typeof(RunFailedEvent))]
[JsonSerializable(typeof(RunDoneEvent))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(ToolProgressEvent))]
internal sealed partial class HermesJsonContext : JsonSerializerContext
{
    /// <summary>As answers are written: what is null is left out, unless the record says otherwise.</summary>
    public static HermesJsonContext Wire { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = Utf8Json.Options.Encoder,
    });
}
