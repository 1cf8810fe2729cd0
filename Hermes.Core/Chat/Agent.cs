using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>The application's agent: the <see cref="IChatClient"/> with the key <c>hermes</c>, else the one without a key.</summary>
internal static class Agent
{
    private const string Key = "hermes";

    /// <summary>Finds it; null where the application registers none.</summary>
    public static IChatClient? Find(IServiceProvider services) => services.GetKeyedService<IChatClient>(Key) ?? services.GetService<IChatClient>();

    /// <summary>The names of the tools that the application registers as services of the type <see cref="AITool"/>, with the agent's key first.</summary>
    /// <remarks>What a step of the agent's pipeline adds to each request, as <c>ConfigureOptions</c> does, is known when it is asked, and to nobody before.</remarks>
    public static IReadOnlyList<string> FindTools(IServiceProvider services) =>
        [.. services.GetKeyedServices<AITool>(Key).Concat(services.GetServices<AITool>()).Select(tool => tool.Name).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
}
